// show/step_sort.h -- a merge sort that can stop anywhere.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace rri::show {

/// Sorts `items`, which must outlive it. Stable; `less` orders two of them.
template <class T, class Less>
class StepSort {
 public:
  StepSort(std::vector<T>& items, Less less) : from_(items), less_(std::move(less)) {
    to_.reserve(from_.size());
    begin_pair(0);
  }

  /// Moves some hundred items. False: they are in order.
  bool step() {
    constexpr std::size_t kMoves = 1024;
    for (std::size_t left = kMoves; left > 0; --left) {
      if (width_ >= from_.size()) return false;
      const bool has_left = left_ < middle_;
      const bool has_right = right_ < end_;
      if (!has_left && !has_right) {
        if (end_ == from_.size()) next_pass();
        else begin_pair(end_);
        continue;
      }
      const bool takes_right = has_right && (!has_left || less_(from_[right_], from_[left_]));
      to_.push_back(std::move(from_[takes_right ? right_++ : left_++]));
    }
    return true;
  }

 private:
  void begin_pair(std::size_t begin) {
    left_ = begin;
    middle_ = right_ = std::min(begin + width_, from_.size());
    end_ = std::min(middle_ + width_, from_.size());
  }
  void next_pass() {
    std::swap(from_, to_);
    to_.clear();
    width_ *= 2;
    begin_pair(0);
  }

  std::vector<T>& from_;
  std::vector<T> to_;
  Less less_;
  std::size_t width_ = 1;  // of the runs that are in order
  std::size_t left_ = 0;
  std::size_t middle_ = 0;  // end of the left run
  std::size_t right_ = 0;
  std::size_t end_ = 0;
};

}  // namespace rri::show
