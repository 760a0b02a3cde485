// `show crypto ipsec sa [detail]` and `show crypto engine connections active`.
#include <fmt/format.h>

#include <functional>
#include <memory>
#include <optional>
#include <tuple>

#include "show/cisco_words.h"
#include "show/crypto_sas.h"
#include "show/sa_text.h"
#include "show/step_sort.h"

namespace rri::show {

namespace {

std::string vrf_word(const std::string& vrf) { return vrf.empty() ? "(none)" : vrf; }

/// Zero is what is true of what the IKE daemon does not count: it has no compression.
std::string error_counters(bool detail) {
  std::string text =
      "    #pkts compressed: 0, #pkts decompressed: 0\n"
      "    #pkts not compressed: 0, #pkts compr. failed: 0\n"
      "    #pkts not decompressed: 0, #pkts decompress failed: 0\n";
  if (!detail) return text + "    #send errors 0, #recv errors 0\n";
  return text +
         "    #pkts no sa (send) 0, #pkts invalid sa (rcv) 0\n"
         "    #pkts encaps failed (send) 0, #pkts decaps failed (rcv) 0\n"
         "    #pkts invalid prot (recv) 0, #pkts verify failed: 0\n"
         "    #pkts invalid identity (recv) 0, #pkts invalid len (rcv) 0\n"
         "    #pkts replay rollover (send): 0, #pkts replay rollover (rcv) 0\n"
         "    ##pkts replay failed (rcv): 0\n"
         "    #pkts tagged (send): 0, #pkts untagged (rcv): 0\n"
         "    #pkts not tagged (send): 0, #pkts not untagged (rcv): 0\n"
         "    #pkts internal err (send): 0, #pkts internal err (recv) 0\n";
}

std::string identities(const Flow& flow) {
  const auto [locals, remotes] = paired_selectors(*flow.child);
  std::string text;
  for (const auto& selector : locals) text += fmt::format("   local  ident (addr/mask/prot/port): ({})\n", ident_of(selector));
  for (const auto& selector : remotes) text += fmt::format("   remote ident (addr/mask/prot/port): ({})\n", ident_of(selector));
  return text;
}

/// What charon was asked for; its own default where others configure it.
std::uint32_t replay_window_of(const Config& config, const Flow& flow) {
  constexpr std::uint32_t kCharon = 32;
  if (flow.child->replay_window) return *flow.child->replay_window;
  const auto* charon = std::get_if<StrongSwanSource>(&config.settings.ike);
  if (charon == nullptr || charon->observe) return kCharon;
  return sa_settings_of(config, flow.view).replay_window.value_or(kDefaultReplayWindow);
}

std::string timing_line(const Config& config, const Flow& flow, const Traffic& traffic) {
  if (has_no_limit(*flow.child)) return "        no sa timing\n";
  return fmt::format("        sa timing: remaining key lifetime (k/sec): ({})\n", life_words(config, flow, traffic));
}

std::string replay_line(std::uint32_t window) {
  if (window == 0) return "        replay detection support: N\n";
  return fmt::format("        replay detection support: Y  replay window size: {}\n", window);
}

std::string sa_block(const Config& config, const Flow& flow, bool inbound) {
  const auto& child = *flow.child;
  const auto spi = inbound ? child.spi_in : child.spi_out;
  if (spi == 0) return {};  // the kernel may have one of the two
  return fmt::format(
      "      spi: 0x{:X}({})\n"
      "        transform: {} ,\n"
      "        in use settings ={{{}{}, }}\n"
      "        conn id: {}, flow_id: {}, sibling_flags 80000040, crypto map: {}\n"
      "{}        IV size: {} bytes\n"
      "{}        Status: ACTIVE(ACTIVE)\n",
      spi, spi, transform_of(child), child.tunnel ? "Tunnel" : "Transport", child.udp_encapsulated ? " UDP-Encaps" : "", child.id,
      child.id, flow.tag(), timing_line(config, flow, inbound ? child.in : child.out), iv_size(child.suite.encryption),
      replay_line(replay_window_of(config, flow)));
}

std::string direction(const Config& config, const Flow& flow, bool inbound) {
  const std::string_view way = inbound ? "inbound" : "outbound";
  const auto block = sa_block(config, flow, inbound);
  return fmt::format("     {} esp sas:\n{}\n     {} ah sas:\n{}\n     {} pcp sas:\n\n", way, flow.child->ah ? "" : block, way,
                     flow.child->ah ? block : "", way);
}

std::string sa_text(const SaPicture& picture, const Flow& flow, bool detail) {
  const auto& child = *flow.child;
  const auto& ike = *flow.ike;
  const auto local = address_word(ike.local);
  const auto peer = address_word(ike.peer);
  const bool has_pfs = !child.suite.dh_group.empty();
  auto text = fmt::format("   protected vrf: {}\n", vrf_word(inside_vrf_of(*picture.summary, flow.view, flow.interface)));
  text += identities(flow);
  text += fmt::format("   current_peer {} port {}\n     PERMIT, flags={{origin_is_acl,}}\n", peer, ike.peer_port);
  text += fmt::format("    #pkts encaps: {0}, #pkts encrypt: {0}, #pkts digest: {0}\n", child.out.packets);
  text += fmt::format("    #pkts decaps: {0}, #pkts decrypt: {0}, #pkts verify: {0}\n", child.in.packets);
  text += error_counters(detail);
  text += fmt::format("\n     local crypto endpt.: {}, remote crypto endpt.: {}\n", local, peer);
  text += fmt::format("     current outbound spi: 0x{:X}({})\n", child.spi_out, child.spi_out);
  text += fmt::format("     PFS (Y/N): {}, DH group: {}\n\n", has_pfs ? "Y" : "N",
                      has_pfs ? "group" + group_word(child.suite.dh_group) : "none");
  return text + direction(*picture.summary->config, flow, true) + direction(*picture.summary->config, flow, false);
}

std::string idle_text(const SaPicture& picture, const IdleLine& idle, bool detail) {
  const auto local = local_address_of(*picture.summary, idle.interface);
  auto text = fmt::format("   protected vrf: {}\n", vrf_word(front_vrf_of(*picture.summary, idle.interface)));
  text += fmt::format("   local  ident (addr/mask/prot/port): ({})\n   remote ident (addr/mask/prot/port): ({})\n", ident_of(idle.local),
                      ident_of(idle.remote));
  text += fmt::format("   current_peer {} port 500\n     PERMIT, flags={{origin_is_acl,}}\n", idle.peer());
  text += "    #pkts encaps: 0, #pkts encrypt: 0, #pkts digest: 0\n    #pkts decaps: 0, #pkts decrypt: 0, #pkts verify: 0\n";
  text += error_counters(detail);
  text += fmt::format("\n     local crypto endpt.: {}, remote crypto endpt.: {}\n", local, idle.peer());
  text += "     current outbound spi: 0x0(0)\n     PFS (Y/N): N, DH group: none\n\n";
  for (const auto* way : {"inbound", "outbound"}) text += fmt::format("     {0} esp sas:\n\n     {0} ah sas:\n\n     {0} pcp sas:\n\n", way);
  return text;
}

/// An SA or an idle line, and where it stands: by interface and map, those with an SA first.
struct Block {
  const Flow* flow = nullptr;
  const IdleLine* idle = nullptr;

  [[nodiscard]] std::string_view interface() const { return flow != nullptr ? flow->interface : idle->interface; }
  [[nodiscard]] std::string map() const { return flow != nullptr ? flow->tag() : std::string(idle->map); }
  [[nodiscard]] std::string local(const core::Summary& summary) const {
    return flow != nullptr ? address_word(flow->ike->local) : local_address_of(summary, idle->interface);
  }
  friend bool operator<(const Block& a, const Block& b) {
    const auto place = [](const Block& block) { return std::tuple(block.interface(), block.map(), block.flow == nullptr); };
    if (a.flow != nullptr && b.flow != nullptr) return a.flow->rank() < b.flow->rank();
    return place(a) < place(b);
  }
};

/// IOS says interface and map once, above all of their blocks.
std::string head_of(const core::Summary& summary, const Block& block, const Block* above) {
  const bool is_new = above == nullptr || above->interface() != block.interface();
  auto text = is_new ? fmt::format("\ninterface: {}\n", block.interface()) : std::string();
  const auto local = block.local(summary);
  if (is_new || above->map() != block.map() || above->local(summary) != local) {
    text += fmt::format("    Crypto map tag: {}, local addr {}\n\n", block.map(), local);
  }
  return text;
}

/// The blocks of a query, found and ordered some at a time.
class Listing {
 public:
  Listing(SharedPicture picture, const SaQuery& query) : picture_(picture), search_(std::move(picture), query), detail_(query.detail) {}

  /// False: all were found, and stand in order.
  bool step(bool with_idle) {
    if (!sort_) {
      if (search_.step()) return true;
      for (const auto& flow : search_.flows()) blocks_.push_back({&flow, nullptr});
      for (std::size_t i = 0; with_idle && i < search_.idle().size(); ++i) blocks_.push_back({nullptr, &search_.idle()[i]});
      sort_.emplace(blocks_, std::less<Block>());
    }
    return sort_->step();
  }
  [[nodiscard]] std::size_t size() const { return blocks_.size(); }
  [[nodiscard]] const Flow& flow(std::size_t i) const { return *blocks_[i].flow; }
  [[nodiscard]] std::string json(std::size_t i) const { return flow_json(*picture_, flow(i)); }
  [[nodiscard]] std::string text(std::size_t i) const {
    const auto& block = blocks_[i];
    return head_of(*picture_->summary, block, i == 0 ? nullptr : &blocks_[i - 1]) +
           (block.flow == nullptr ? idle_text(*picture_, *block.idle, detail_) : sa_text(*picture_, *block.flow, detail_));
  }

 private:
  SharedPicture picture_;
  SaSearch search_;
  bool detail_;
  std::vector<Block> blocks_;
  std::optional<StepSort<Block, std::less<Block>>> sort_;
};

/// JSON has the SAs alone.
Pieces listed(SharedPicture picture, const SaQuery& query, Format format, bool with_idle, std::function<Pieces(std::shared_ptr<Listing>)> text) {
  const auto listing = std::make_shared<Listing>(std::move(picture), query);
  return prepared([listing, with_idle] { return listing->step(with_idle); }, [listing, format, text = std::move(text)] {
    if (format == Format::Text) return text(listing);
    return json_list("sas", listing->size(), [listing](std::size_t i) { return listing->json(i); });
  });
}

std::string engine_lines(const Flow& flow) {
  const auto line = [&flow](std::uint64_t encrypted, std::uint64_t decrypted) {
    return fmt::format("{:>5}  IPsec   {:<18} {:>8} {:>8} {:>8} {}\n", flow.child->id, engine_algorithm(*flow.child), encrypted, decrypted,
                       decrypted, address_word(flow.ike->local));
  };
  return line(0, flow.child->in.packets) + line(flow.child->out.packets, 0);
}

}  // namespace

Pieces ipsec_sas(SharedPicture picture, const SaQuery& query, Format format) {
  return listed(std::move(picture), query, format, format == Format::Text, [](const std::shared_ptr<Listing>& listing) {
    if (listing->size() == 0) return one_piece("\nNo SAs found\n");
    return each_piece(listing->size(), [listing](std::size_t i) { return listing->text(i); });
  });
}

Pieces engine_connections(SharedPicture picture, Format format) {
  return listed(std::move(picture), {}, format, false, [](const std::shared_ptr<Listing>& listing) {
    return each_piece(listing->size() + 1, [listing](std::size_t i) {
      if (i == 0) return std::string("Crypto Engine Connections\n\n   ID  Type    Algorithm           Encrypt  Decrypt LastSeqN IP-Address\n");
      return engine_lines(listing->flow(i - 1));
    });
  });
}

}  // namespace rri::show
