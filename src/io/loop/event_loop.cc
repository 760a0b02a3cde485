#include "io/loop/event_loop.h"

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <utility>

namespace rri::io {

struct EventLoop::State {
  asio::io_context context{1};
  asio::steady_timer timer{context};
};

EventLoop::EventLoop() : state_(std::make_unique<State>()) {}
EventLoop::~EventLoop() = default;

asio::io_context& EventLoop::context() { return state_->context; }
void EventLoop::run() { state_->context.run(); }
std::size_t EventLoop::run_one_for(std::chrono::milliseconds patience) { return state_->context.run_one_for(patience); }
void EventLoop::stop() { state_->context.stop(); }
void EventLoop::post(std::function<void()> task) { asio::post(state_->context, std::move(task)); }

void EventLoop::after(std::chrono::milliseconds delay, std::function<void()> task) {
  state_->timer.expires_after(delay);
  state_->timer.async_wait([task = std::move(task)](asio::error_code error) {
    if (!error) task();
  });
}

}  // namespace rri::io
