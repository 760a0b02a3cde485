#include "shell/exec_crypto.h"

#include <fmt/format.h>

#include "base/text.h"
#include "config/config.h"
#include "model/charon.h"
#include "shell/answers.h"
#include "show/crypto_sas.h"

namespace rri::shell {

namespace {

using Done = std::function<void(ExecAnswer)>;
using show::Format;
using show::SaPicture;
using show::SaQuery;

std::function<void(Result<>)> tell_outcome(Done done) {
  return [done = std::move(done)](const Result<>& result) { done(result ? nothing() : failure(result.error().text)); };
}

/// The places of some SAs, as far as the routes know them; a few for each step.
class Placing {
 public:
  Placing(const Environment& environment, SharedSas sas)
      : find_(environment.find_sa), picture_(std::make_shared<SaPicture>(environment.summary(), std::move(sas))), ike_(picture_->sas->begin()) {
    picture_->last_failure = environment.last_failure;
  }

  /// False: all have theirs.
  bool step() {
    constexpr std::size_t kAtATime = 64;
    for (std::size_t left = kAtATime; left > 0 && ike_ != picture_->sas->end(); --left) {
      const auto& children = ike_->second.children;
      if (child_ >= children.size()) {
        ++ike_;
        child_ = 0;
        continue;
      }
      const auto& child = children[child_++];
      auto place = find_(SaId(child.id));
      // The routes are not told of SAs in transport mode.
      if (!place && !child.tunnel) place = show::place_of_connection(*picture_->summary, ike_->second);
      if (place) picture_->set_place(child.id, std::move(*place));
    }
    return ike_ != picture_->sas->end();
  }

  [[nodiscard]] std::shared_ptr<SaPicture> picture() const { return picture_; }

 private:
  std::function<std::optional<core::SaPlace>(SaId)> find_;
  std::shared_ptr<SaPicture> picture_;
  IkeSas::const_iterator ike_;
  std::size_t child_ = 0;
};

using Render = std::function<Pieces(show::SharedPicture)>;

/// Places the SAs, then gives what `render` makes of them.
Pieces placed(const Environment& environment, SharedSas sas, Render render) {
  const auto placing = std::make_shared<Placing>(environment, std::move(sas));
  return prepared([placing] { return placing->step(); }, [placing, render = std::move(render)] { return render(placing->picture()); });
}

/// Reads the SAs, and gives what `use` makes of them.
ExecAnswer with_sas(const Environment& environment, std::function<void(SharedSas, Done)> use) {
  ExecAnswer answer;
  answer.later = [environment, use = std::move(use)](Done done) {
    environment.ike.read(false, [use, done = std::move(done)](Result<SharedSas> sas) {
      if (!sas) return done(failure(sas.error().text));
      use(std::move(*sas), done);
    });
  };
  return answer;
}

/// `configured`: what is configured is shown where the IKE daemon does not answer, and the failure behind it.
ExecAnswer show_sas(const Environment& environment, bool with_authentication, bool configured, Render render) {
  ExecAnswer answer;
  answer.later = [environment, with_authentication, configured, render = std::move(render)](Done done) {
    environment.ike.read(with_authentication, [environment, configured, render, done = std::move(done)](Result<SharedSas> sas) {
      auto made = sas ? nothing() : failure(sas.error().text);
      if (sas || configured) made.pieces = placed(environment, sas ? std::move(*sas) : std::make_shared<IkeSas>(), render);
      done(std::move(made));
    });
  };
  return answer;
}

/// The words `peer A`, `remote A`, `interface IF`, `map NAME`, `detail`.
Result<SaQuery> query_of(const ExecMatch& match) {
  SaQuery query;
  query.detail = match.has("detail");
  if (const auto typed = match.words.find("address"); typed != match.words.end()) {
    auto address = IpAddress::parse(typed->second);
    if (!address) return tl::make_unexpected(address.error());
    query.peer = *address;
  }
  if (const auto typed = match.words.find("if"); typed != match.words.end()) query.interface = canonical_interface(typed->second);
  if (const auto typed = match.words.find("map-name"); typed != match.words.end()) query.map = typed->second;
  return query;
}

show::SessionForm form_of(const ExecMatch& match) {
  if (match.has("brief")) return show::SessionForm::Brief;
  return match.has("detail") ? show::SessionForm::Detail : show::SessionForm::Usual;
}

ExecAnswer show_command(const ExecMatch& match, const SaQuery& query, Format format, const Environment& environment) {
  const bool tells_authentication = match.command == ExecCommand::ShowIkev2Sa || match.command == ExecCommand::ShowIkev2Session ||
                                    (match.command == ExecCommand::ShowIsakmpSa && query.detail);
  const bool configured = match.command == ExecCommand::ShowCryptoSession && format == Format::Text;
  return show_sas(environment, tells_authentication, configured, [command = match.command, form = form_of(match), query, format](show::SharedPicture picture) -> Pieces {
    switch (command) {
      case ExecCommand::ShowCryptoSession: return show::crypto_sessions(std::move(picture), query, form, format);
      case ExecCommand::ShowIsakmpSa: return show::isakmp_sas(std::move(picture), query, format);
      case ExecCommand::ShowIsakmpSaCount: return show::isakmp_sa_count(std::move(picture), format);
      case ExecCommand::ShowIkev2Sa: return show::ikev2_sas(std::move(picture), query, format);
      case ExecCommand::ShowIkev2Session: return show::ikev2_sessions(std::move(picture), query, format);
      case ExecCommand::ShowCryptoEngine: return show::engine_connections(std::move(picture), format);
      default: return show::ipsec_sas(std::move(picture), query, format);
    }
  });
}

// ---- clear -----------------------------------------------------------------------

/// Where our configuration is charon's, the connections that others loaded stay
/// unless they are named.
bool spares_others(const core::Summary& summary, const SaQuery& query) {
  const auto* source = std::get_if<StrongSwanSource>(&summary.config->settings.ike);
  return source != nullptr && !source->observe && !query.peer && !query.map;
}

bool is_spared(const IkeSa& ike, bool spares) { return spares && !ike.connection.starts_with(kCharonPrefix); }

std::vector<SaTermination> children_to_clear(const SaPicture& picture, const SaQuery& query) {
  const bool spares = spares_others(*picture.summary, query);
  std::vector<SaTermination> ends;
  for (const auto& flow : show::find_flows(picture, query)) {
    if (!is_spared(*flow.ike, spares)) ends.push_back({true, flow.child->id});
  }
  return ends;
}

/// `version` 0: both.
std::vector<SaTermination> ikes_to_clear(const SaPicture& picture, const SaQuery& query, int version, std::optional<std::uint64_t> id) {
  const bool spares = spares_others(*picture.summary, query) && !id;
  std::vector<SaTermination> ends;
  for (const auto& [ike_id, ike] : *picture.sas) {
    const bool wanted = (!query.peer || ike.peer == query.peer) && (version == 0 || ike.version == version) && (!id || ike.id == *id);
    if (wanted && !is_spared(ike, spares)) ends.push_back({false, ike.id});
  }
  return ends;
}

std::optional<std::uint64_t> connection_id(const ExecMatch& match) {
  const auto typed = match.words.find("1-4294967295");
  return typed == match.words.end() ? std::nullopt : parse_number<std::uint64_t>(typed->second);
}

ExecAnswer clear_command(const ExecMatch& match, const SaQuery& query, const Environment& environment) {
  const auto id = connection_id(match);
  return with_sas(environment, [environment, command = match.command, query, id](SharedSas sas, const Done& done) {
    Placing placing(environment, std::move(sas));
    while (placing.step()) {
    }
    const auto picture = placing.picture();
    std::vector<SaTermination> ends;
    if (command == ExecCommand::ClearCryptoSa) ends = children_to_clear(*picture, query);
    if (command == ExecCommand::ClearCryptoSession) ends = ikes_to_clear(*picture, query, 0, id);
    if (command == ExecCommand::ClearIsakmp) ends = ikes_to_clear(*picture, query, 1, id);
    if (command == ExecCommand::ClearIkev2Sa) ends = ikes_to_clear(*picture, query, 2, id);
    environment.ike.terminate(std::move(ends), tell_outcome(done));
  });
}

ExecAnswer clear_counters(const Environment& environment) {
  ExecAnswer answer;
  answer.later = [clear = environment.ike.clear_counters](Done done) { clear(tell_outcome(std::move(done))); };
  return answer;
}

ExecAnswer initiate(const ExecMatch& match, const Environment& environment) {
  const EntryName entry{match.words.at("map-name"), parse_number<std::uint32_t>(match.words.at("1-65535")).value_or(0)};
  const auto config = environment.summary()->config;
  const auto map = config->crypto_maps.find(entry.map);
  if (map == config->crypto_maps.end()) return failure(fmt::format("start a tunnel of crypto map {}: there is no such map", entry.map));
  const auto found = map->second.entries.find(entry.sequence);
  if (found == map->second.entries.end()) return failure(fmt::format("start a tunnel of crypto map {} {}: there is no such entry", entry.map, entry.sequence));
  if (!found->second.dynamic_map.empty()) {
    return failure(fmt::format("start a tunnel of crypto map {} {}: a dynamic map only answers its peers", entry.map, entry.sequence));
  }
  ExecAnswer answer;
  answer.later = [start = environment.ike.initiate, entry](Done done) { start(entry, tell_outcome(std::move(done))); };
  return answer;
}

}  // namespace

std::vector<std::pair<std::string, Pieces>> crypto_report(const Environment& environment, const Result<SharedSas>& sas) {
  std::vector<std::pair<std::string, Pieces>> parts;
  if (!sas) {
    parts.emplace_back("show crypto session detail", one_piece(fmt::format("% Could not {}\n", sas.error().text)));
    return parts;
  }
  SaQuery query;
  query.detail = true;
  const auto placing = std::make_shared<Placing>(environment, *sas);
  const auto add = [&](std::string title, Render render) {
    parts.emplace_back(std::move(title), prepared([placing] { return placing->step(); }, [placing, render = std::move(render)] { return render(placing->picture()); }));
  };
  add("show crypto session detail", [query](auto picture) { return show::crypto_sessions(picture, query, show::SessionForm::Detail, Format::Text); });
  add("show crypto ipsec sa detail", [query](auto picture) { return show::ipsec_sas(picture, query, Format::Text); });
  add("show crypto isakmp sa detail", [query](auto picture) { return show::isakmp_sas(picture, query, Format::Text); });
  add("show crypto ikev2 sa detail", [query](auto picture) { return show::ikev2_sas(picture, query, Format::Text); });
  return parts;
}

std::optional<ExecAnswer> run_crypto_exec(const ExecMatch& match, Format format, const Environment& environment) {
  const auto query = query_of(match);
  if (!query) return failure(query.error().text);
  switch (match.command) {
    case ExecCommand::ShowCryptoSession:
    case ExecCommand::ShowIpsecSa:
    case ExecCommand::ShowIsakmpSa:
    case ExecCommand::ShowIsakmpSaCount:
    case ExecCommand::ShowIkev2Sa:
    case ExecCommand::ShowIkev2Session:
    case ExecCommand::ShowCryptoEngine: return show_command(match, *query, format, environment);
    case ExecCommand::ClearCryptoSa:
    case ExecCommand::ClearCryptoSession:
    case ExecCommand::ClearIsakmp:
    case ExecCommand::ClearIkev2Sa: return clear_command(match, *query, environment);
    case ExecCommand::ClearCryptoCounters: return clear_counters(environment);
    case ExecCommand::InitiateSession: return initiate(match, environment);
    default: return std::nullopt;
  }
}

}  // namespace rri::shell
