#include "cases/paths.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "core/limits.h"

namespace rri::cases {
namespace {

using plan::Step;

/// The SAs that one event concerns; empty for events of another kind.
std::vector<SaId> sas_of(const Step& step) {
  if (const auto* up = std::get_if<plan::SaUpStep>(&step.action)) return {up->sa.id};
  if (const auto* down = std::get_if<plan::SaDownStep>(&step.action)) return {down->id};
  if (const auto* rekey = std::get_if<plan::SaRekeyStep>(&step.action)) return {rekey->id, rekey->new_id};
  return {};
}

/// SAs that rekeys anywhere in the script tie together carry one name.
class Families {
 public:
  explicit Families(const std::vector<Step>& steps) {
    for (const auto& step : steps) {
      const auto ids = sas_of(step);
      if (ids.size() == 2) tie_together(ids[0], ids[1]);
    }
  }
  [[nodiscard]] SaId name(SaId id) const {
    const auto found = names_.find(id);
    return found == names_.end() ? id : found->second;
  }

 private:
  void tie_together(SaId a, SaId b) {
    const auto from = name(a);
    const auto to = name(b);
    for (auto& [id, name] : names_) {
      if (name == from) name = to;
    }
    names_[a] = names_[b] = to;
  }

  std::map<SaId, SaId> names_;
};

/// Whether two families of SAs claim one prefix, or there are enough prefixes
/// for a `maximum` to bite: then the order of events is part of the state.
bool order_matters(const std::vector<Step>& steps, const Families& families, std::string_view config) {
  if (config.find(" maximum ") != std::string_view::npos) return true;
  std::map<AddressRange, SaId> owners;
  const auto claims_twice = [&](const Sa& sa) {
    const auto family = families.name(sa.id);
    return std::any_of(sa.remote.begin(), sa.remote.end(), [&](const TrafficSelector& selector) {
      return owners.try_emplace(selector.range, family).first->second != family;
    });
  };
  for (const auto& step : steps) {
    if (const auto* up = std::get_if<plan::SaUpStep>(&step.action); up != nullptr && claims_twice(up->sa))
      return true;
    const auto* back = std::get_if<plan::SourceBackStep>(&step.action);
    if (back != nullptr && std::any_of(back->sas.begin(), back->sas.end(), claims_twice)) return true;
  }
  return owners.size() > core::kDefaultMaximumPrefixes;
}

/// Appends a run of SA events, the last family first.
void append_reversed(const std::vector<Step>& run, const Families& families, std::vector<Step>& out) {
  std::vector<SaId> order;
  for (const auto& step : run) {
    const auto family = families.name(sas_of(step).front());
    if (std::find(order.begin(), order.end(), family) == order.end()) order.push_back(family);
  }
  for (auto family = order.rbegin(); family != order.rend(); ++family) {
    std::copy_if(run.begin(), run.end(), std::back_inserter(out),
                 [&](const Step& step) { return families.name(sas_of(step).front()) == *family; });
  }
}

}  // namespace

std::vector<Step> reversed(const std::vector<Step>& steps, std::string_view config) {
  const Families families(steps);
  if (order_matters(steps, families, config)) return steps;
  std::vector<Step> out;
  std::vector<Step> run;
  for (const auto& step : steps) {
    if (!sas_of(step).empty()) {
      run.push_back(step);
      continue;
    }
    append_reversed(std::exchange(run, {}), families, out);
    out.push_back(step);
  }
  append_reversed(run, families, out);
  return out;
}

std::vector<Step> typed(std::string_view text) {
  std::vector<Step> steps;
  std::uint32_t number = 0;
  for (const auto line : split(text, '\n')) {
    steps.push_back({{++number, 1}, plan::ConfigLineStep{std::string(line), number == 1}});
  }
  return steps;
}

}  // namespace rri::cases
