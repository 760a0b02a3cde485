#include "app/ike_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/peer_choice.h"
#include "io/vici/limits.h"
#include "model/peers.h"

namespace rri::app {

namespace {

/// Long enough for a list of tens of thousands of SAs, short enough for a person.
constexpr Millis kAnswerTimeout = std::chrono::seconds(8);
/// Of a tunnel that somebody else configured to come up.
constexpr Millis kStartTimeout = std::chrono::seconds(5);

/// Calls `on_answer` once: by tell(), or when everybody who could has gone.
template <class Answer>
class Pending {
 public:
  explicit Pending(std::function<void(Result<Answer>)> on_answer) : on_answer_(std::move(on_answer)) {}
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  ~Pending() { tell(fail("ask for SAs: the source of SAs was changed meanwhile")); }

  void tell(Result<Answer> answer) {
    if (const auto on_answer = std::exchange(on_answer_, nullptr)) on_answer(std::move(answer));
  }

 private:
  std::function<void(Result<Answer>)> on_answer_;
};

/// What to hand to somebody who may forget to answer: it is answered once, unless
/// whoever asked has gone.
template <class Answer>
std::function<void(Result<Answer>)> answered_once(const std::weak_ptr<const bool>& alive, std::function<void(Result<Answer>)> on_answer) {
  const auto pending = std::make_shared<Pending<Answer>>([alive, on_answer = std::move(on_answer)](Result<Answer> answer) {
    if (!alive.expired()) on_answer(std::move(answer));
  });
  return [pending](Result<Answer> answer) { pending->tell(std::move(answer)); };
}

/// Counts down the answers to several requests; tells the first error.
struct Batch {
  std::size_t left = 0;
  Result<> result;
  std::function<void(Result<>)> done;

  void take(const Result<>& answer) {
    if (!answer && result) result = answer;
    if (--left == 0) done(result);
  }
};

Traffic minus(const Traffic& now, const Traffic& before) {
  const bool is_newer = now.packets >= before.packets && now.bytes >= before.bytes;
  return is_newer ? Traffic{now.packets - before.packets, now.bytes - before.bytes} : now;
}

/// An SA that is gone already is as good as ended.
Result<> judge_end(const Result<vici::Reply>& reply) {
  if (!reply) return tl::make_unexpected(reply.error());
  const auto ended = vici::check_success(*reply, "end an SA");
  return ended || ended.error().text.find("not found") != std::string::npos ? Result<>() : ended;
}

Result<> judge_start(const Result<vici::Reply>& reply) {
  if (!reply) return tl::make_unexpected(reply.error());
  return vici::check_success(*reply, "start a tunnel");
}

}  // namespace

struct IkeCommands::Listing {
  std::shared_ptr<IkeSas> sas;
  std::size_t count = 0;  // of IKE SAs and children
  bool is_readable = true;
  bool sets_baselines = false;
  std::shared_ptr<Baselines> baselines;  // of the children that are still there
  std::map<std::string, std::pair<std::string, std::string>, std::less<>> authentication;  // ours and the peer's, by connection
  std::vector<OnSas> waiting;
};

IkeCommands::IkeCommands(FindClient client, FindKernel kernel, FindConfig config, ChosenPeer chosen, InTurns in_turns)
    : client_(std::move(client)), kernel_(std::move(kernel)), config_(std::move(config)), chosen_(std::move(chosen)), in_turns_(std::move(in_turns)) {}

shell::IkeAccess IkeCommands::access() {
  shell::IkeAccess made;
  made.read = [this](bool with_authentication, OnSas done) { read(with_authentication, std::move(done)); };
  made.terminate = [this](const std::vector<SaTermination>& which, OnDone done) { terminate(which, std::move(done)); };
  made.initiate = [this](const EntryName& entry, OnDone done) { initiate(entry, std::move(done)); };
  made.clear_counters = [this](OnDone done) { clear_counters(std::move(done)); };
  return made;
}

void IkeCommands::ask(vici::Request request, OnReply on_reply) {
  auto* client = client_();
  if (client == nullptr) {
    return on_reply(fail("end or start a tunnel: with `ike xfrm` rrid only watches the kernel; use the IKE daemon's own tool, "
                         "such as `ipsec auto --down NAME` and `ipsec auto --up NAME` of Libreswan"));
  }
  const auto status = client->status();
  if (!status.connected) {
    return on_reply(fail("ask strongSwan at {}: {}", status.socket, status.last_error.empty() ? "it is not connected yet" : status.last_error));
  }
  client->request(std::move(request), answered_once<vici::Reply>(alive_, std::move(on_reply)));
}

// ---- reading ----------------------------------------------------------------------

std::shared_ptr<IkeCommands::Listing> IkeCommands::make_listing(OnSas done) {
  auto listing = std::make_shared<Listing>();
  listing->sas = make_emptied_in_turns<IkeSas>(in_turns_);
  listing->baselines = make_emptied_in_turns<Baselines>(in_turns_);
  listing->waiting.push_back(std::move(done));
  return listing;
}

void IkeCommands::read(bool with_authentication, OnSas done) {
  if (!with_authentication || client_() == nullptr) {
    const auto under_way = listing_.lock();
    if (!under_way) return read_list(make_listing(std::move(done)));
    under_way->waiting.push_back(std::move(done));
    return;
  }
  ask(vici::make_connections_request(kAnswerTimeout), [this, done = std::move(done)](const Result<vici::Reply>& reply) {
    const auto connections = reply ? vici::read_connections(*reply) : Result<std::vector<vici::ConnectionReport>>(tl::make_unexpected(reply.error()));
    if (!connections) return done(tl::make_unexpected(connections.error()));
    const auto listing = make_listing(done);
    for (const auto& known : *connections) listing->authentication[known.name] = {known.local_authentication, known.peer_authentication};
    read_list(listing);
  });
}

void IkeCommands::read_list(const std::shared_ptr<Listing>& listing) {
  listing_ = listing;
  if (auto* kernel = kernel_()) {
    return kernel->report(answered_once<std::vector<IkeSa>>(alive_, [this, listing](Result<std::vector<IkeSa>> sas) {
      if (!sas) return on_list(listing, tl::make_unexpected(sas.error()));
      for (auto& ike : *sas) take(std::move(ike), *listing);
      on_list(listing, {});
    }));
  }
  const auto on_streamed = [this, listing, alive = std::weak_ptr(alive_)](std::string_view message) {
    if (alive.expired()) return;
    const auto read = vici::read_ike_sas(message, [&](IkeSa ike) { take(std::move(ike), *listing); });
    listing->is_readable = listing->is_readable && read;
  };
  ask(vici::make_list_request(kAnswerTimeout, on_streamed), [this, listing](const Result<vici::Reply>& reply) {
    on_list(listing, reply ? Result<>() : tl::make_unexpected(reply.error()));
  });
}

void IkeCommands::take(IkeSa ike, Listing& listing) const {
  listing.count += 1 + ike.children.size();
  if (listing.count > vici::kMaxListedSas) return;
  if (const auto known = listing.authentication.find(ike.connection); known != listing.authentication.end()) {
    std::tie(ike.local_authentication, ike.peer_authentication) = known->second;
  }
  for (auto& child : ike.children) {
    const auto known = baselines_->find(child.id);
    if (listing.sets_baselines) {
      listing.baselines->emplace(child.id, std::pair(child.in, child.out));
    } else if (known != baselines_->end()) {
      listing.baselines->emplace(*known);
      child.in = minus(child.in, known->second.first);
      child.out = minus(child.out, known->second.second);
    }
  }
  const auto id = ike.id;
  listing.sas->emplace(id, std::move(ike));
}

void IkeCommands::on_list(const std::shared_ptr<Listing>& listing, Result<> result) {
  if (listing_.lock() == listing) listing_.reset();
  if (result && !listing->is_readable) result = fail("read the SAs of strongSwan: they are not in VICI's form");
  if (result && listing->count > vici::kMaxListedSas) result = fail("read the SAs of strongSwan: there are more than {}", vici::kMaxListedSas);
  if (result) baselines_ = listing->baselines;
  for (const auto& done : std::exchange(listing->waiting, {})) {
    done(result ? Result<SharedSas>(listing->sas) : tl::make_unexpected(result.error()));
  }
}

void IkeCommands::clear_counters(OnDone done) {
  const auto listing = make_listing([done = std::move(done)](const Result<SharedSas>& sas) { done(sas ? Result<>() : tl::make_unexpected(sas.error())); });
  listing->sets_baselines = true;
  read_list(listing);
}

// ---- ending and starting ----------------------------------------------------------

void IkeCommands::terminate(const std::vector<SaTermination>& which, OnDone done) {
  if (which.empty()) return done({});
  const auto batch = std::make_shared<Batch>(Batch{which.size(), {}, std::move(done)});
  for (const auto& one : which) {
    auto request = vici::make_terminate_request(one, kAnswerTimeout);
    if (!request) {
      batch->take(tl::make_unexpected(request.error()));
    } else {
      ask(std::move(*request), [batch](const Result<vici::Reply>& reply) { batch->take(judge_end(reply)); });
    }
  }
}

void IkeCommands::initiate(const EntryName& entry, OnDone done) {
  ask(vici::make_connections_request(kAnswerTimeout), [this, entry, done = std::move(done)](const Result<vici::Reply>& reply) {
    if (!reply) return done(tl::make_unexpected(reply.error()));
    const auto connections = vici::read_connections(*reply);
    if (!connections) return done(tl::make_unexpected(connections.error()));
    start_children(entry, *connections, done);
  });
}

void IkeCommands::start_children(const EntryName& entry, const std::vector<vici::ConnectionReport>& connections, OnDone done) {
  const auto children = find_children_to_start(*config_(), entry, connections, chosen_ ? chosen_(entry) : std::nullopt);
  if (children.empty()) {
    return done(fail("start a tunnel of crypto map {} {}: strongSwan has no connection for it", entry.map, entry.sequence));
  }
  const auto* source = std::get_if<StrongSwanSource>(&config_()->settings.ike);
  const bool is_ours = source != nullptr && !source->observe;
  const auto batch = std::make_shared<Batch>(Batch{children.size(), {}, std::move(done)});
  for (const auto& [connection, child] : children) {
    // The log tells what hinders a tunnel of ours; of others' connections only charon's answer does.
    const auto wait = is_ours ? std::nullopt : std::optional(kStartTimeout);
    auto request = vici::make_initiate_request(connection, child, kAnswerTimeout, wait);
    if (!request) {
      batch->take(tl::make_unexpected(request.error()));
    } else {
      ask(std::move(*request), [batch](const Result<vici::Reply>& reply) { batch->take(judge_start(reply)); });
    }
  }
}

// ---- what belongs to an entry -----------------------------------------------------

namespace {

const AccessList* find_list(const Config& config, const std::string& name) {
  for (const auto* lists : {&config.access_lists, &config.ipv6_access_lists}) {
    if (const auto found = lists->find(name); found != lists->end()) return &found->second;
  }
  return nullptr;
}

bool permits(const AccessList& list, const Prefix& remote) {
  return std::any_of(list.lines.begin(), list.lines.end(), [&](const AclLine& line) {
    const auto& destinations = line.destinations;
    return line.permit && std::any_of(destinations.begin(), destinations.end(), [&](const Wildcard& destination) { return destination.contains(remote); });
  });
}

/// Whether the child may be of the entry with this list: selectors that cannot be
/// judged ("dynamic") count as fitting.
bool fits(const AccessList* list, const vici::ConnectionReport::Child& child) {
  if (list == nullptr || child.remote.empty()) return true;
  return std::any_of(child.remote.begin(), child.remote.end(), [&](const std::string& text) {
    const auto selector = TrafficSelector::parse(text);
    const auto prefix = selector ? selector->to_prefix() : std::nullopt;
    return !prefix || permits(*list, *prefix);
  });
}

bool goes_to(const vici::ConnectionReport& connection, const PeerAddress& peer) {
  const auto wanted = peer.address ? peer.address->to_string() : peer.host;
  return std::find(connection.peers.begin(), connection.peers.end(), wanted) != connection.peers.end();
}

}  // namespace

std::vector<std::pair<std::string, std::string>> find_children_to_start(const Config& config, const EntryName& name,
                                                                       const std::vector<vici::ConnectionReport>& connections,
                                                                       std::optional<std::size_t> chosen) {
  std::vector<std::pair<std::string, std::string>> children;
  const auto map = config.crypto_maps.find(name.map);
  if (map == config.crypto_maps.end()) return children;
  const auto found = map->second.entries.find(name.sequence);
  if (found == map->second.entries.end()) return children;
  const auto& entry = found->second;
  const auto* list = find_list(config, entry.match_address);
  // Where rrid loaded connections of the entry, theirs are the names of the plan.
  const bool has_ours = std::any_of(connections.begin(), connections.end(),
                                    [&](const vici::ConnectionReport& connection) { return entry_of_connection(connection.name) == name; });
  for (std::size_t step = 0; step < entry.peers.size() && children.empty(); ++step) {
    const auto& peer = entry.peers[(chosen.value_or(first_peer(entry)) + step) % entry.peers.size()];
    for (const auto& connection : connections) {
      const bool is_it = has_ours ? connection.name == core::PeerChoice::connection_name(name, peer) : goes_to(connection, peer);
      if (!is_it) continue;
      for (const auto& child : connection.children) {
        if (fits(list, child)) children.emplace_back(connection.name, child.name);
      }
    }
  }
  return children;
}

}  // namespace rri::app
