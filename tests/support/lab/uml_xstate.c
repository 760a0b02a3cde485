/* For user-mode-linux on processors whose register state is larger than it expects.
 *
 * UML 6.1 keeps about 2.7 KB of XSAVE state for each task. The host's ptrace wants
 * all of it back or nothing; with AMX that is 11 KB, and UML dies of
 * "ptrace set fp regs failed". This library stands between the two: UML gets the
 * front part, and what it sets is completed with registers at their initial state.
 *
 * Preloaded into linux.uml by uml.py; nothing inside UML sees it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>

enum { PTRACE_GETREGSET = 0x4204, PTRACE_SETREGSET = 0x4205, NT_XSTATE = 0x202, LARGEST = 65536, HEADER = 512, COMPONENTS = 63 };

static long (*real)(int, int, void *, void *);

static long get_all(int pid, char *state, struct iovec *whole) {
  whole->iov_base = state;
  whole->iov_len = LARGEST;
  return real(PTRACE_GETREGSET, pid, (void *)NT_XSTATE, whole);
}

/* Offset and size of a component of the standard format: CPUID leaf 13. */
static int fits(unsigned component, size_t bytes) {
  unsigned size, offset, c, d;
  if (component < 2) return 1;
  __asm__("cpuid" : "=a"(size), "=b"(offset), "=c"(c), "=d"(d) : "a"(13), "c"(component));
  return (size_t)offset + size <= bytes;
}

long ptrace(int request, int pid, void *addr, void *data) {
  static char state[LARGEST] __attribute__((aligned(64)));  /* UML has one thread that traces */
  struct iovec *asked = data, whole;
  uint64_t features;
  if (!real) real = (long (*)(int, int, void *, void *))dlsym(RTLD_NEXT, "ptrace");
  if ((uintptr_t)addr != NT_XSTATE || (request != PTRACE_GETREGSET && request != PTRACE_SETREGSET))
    return real(request, pid, addr, data);
  long done = get_all(pid, state, &whole);
  if (done < 0) return done;
  if (request == PTRACE_GETREGSET) {
    if (asked->iov_len > whole.iov_len) asked->iov_len = whole.iov_len;
    memcpy(asked->iov_base, state, asked->iov_len);
    return 0;
  }
  if (asked->iov_len >= whole.iov_len) return real(request, pid, addr, data);
  memset(state, 0, whole.iov_len);
  memcpy(state, asked->iov_base, asked->iov_len);
  memcpy(&features, state + HEADER, sizeof features);
  for (unsigned component = 0; component < COMPONENTS; ++component)
    if (!fits(component, asked->iov_len)) features &= ~(UINT64_C(1) << component);
  memcpy(state + HEADER, &features, sizeof features);
  return real(PTRACE_SETREGSET, pid, (void *)NT_XSTATE, &whole);
}
