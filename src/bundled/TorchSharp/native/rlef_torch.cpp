// A C interface to libtorch. Every ATen operator is reached through the boxed dispatcher by its schema name, so that one entry point serves
// them all and the same source compiles against any libtorch from 1.13 on.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/record_function.h>
#include <c10/core/GradMode.h>
#include <dlfcn.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

// Set by build.sh where libtorch has CUDA and the CUDA headers are there.
#ifdef RLEF_CUDA
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#endif

#define RLEF_API extern "C" __attribute__((visibility("default")))

using at::Tensor;
using c10::IValue;
using Impl = c10::TensorImpl;
using ImplPtr = c10::intrusive_ptr<Impl, c10::UndefinedTensorImpl>;

// Mirrored by Value and ValueKind in C#.
enum Kind : int32_t { kNone, kTensor, kInt, kDouble, kBool, kInts, kTensors, kString, kDevice, kOptionalTensors };
struct Value {
  int32_t kind;
  int32_t length;
  union {
    int64_t i;
    double d;
    void* p;
  };
};
static_assert(sizeof(Value) == 16, "a value is 16 bytes");

static thread_local std::string last_error;
// Operators called on this thread, and how often, while it is traced.
static thread_local std::map<std::string, int64_t> calls;
static thread_local at::CallbackHandle trace = 0;

template <class F, class R>
static R guarded(R failed, F body) {
  try {
    return body();
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error = e.what();
  } catch (...) {
    last_error = "unknown C++ exception";
  }
  return failed;
}

// A handle is a TensorImpl that owns one reference.
static Tensor borrow(void* h) { return h ? Tensor(ImplPtr::reclaim_copy(static_cast<Impl*>(h))) : Tensor(); }
static void release(void* h) { Tensor(ImplPtr::reclaim(static_cast<Impl*>(h))); }
static void* own(Tensor&& t) { return t.defined() ? t.unsafeReleaseTensorImpl() : nullptr; }
static Impl* impl(void* h) { return static_cast<Impl*>(h); }

static IValue to_ivalue(const Value& v) {
  switch (v.kind) {
    case kNone: return {};
    case kTensor: return borrow(v.p);
    case kInt: return v.i;
    case kDouble: return v.d;
    case kBool: return v.i != 0;
    case kInts: return at::IntArrayRef(static_cast<const int64_t*>(v.p), v.length);
    case kTensors: {
      c10::List<Tensor> list;
      list.reserve(v.length);
      for (int i = 0; i < v.length; i++) list.push_back(borrow(static_cast<void**>(v.p)[i]));
      return list;
    }
    case kOptionalTensors: {
      c10::impl::GenericList list(c10::OptionalType::ofTensor());
      for (int i = 0; i < v.length; i++) {
        void* h = static_cast<void**>(v.p)[i];
        list.push_back(h ? IValue(borrow(h)) : IValue());
      }
      return list;
    }
    case kString: return std::string(static_cast<const char*>(v.p), v.length);
    case kDevice: return c10::Device(static_cast<c10::DeviceType>(v.i & 0xff), static_cast<c10::DeviceIndex>(static_cast<int8_t>(v.i >> 8)));
  }
  throw std::runtime_error("unknown kind of argument");
}

static Value from_ivalue(IValue&& v) {
  Value r{kNone, 0, {0}};
  if (v.isTensor()) {
    r.kind = kTensor;
    r.p = own(std::move(v).toTensor());
  } else if (v.isInt()) {
    r.kind = kInt;
    r.i = v.toInt();
  } else if (v.isDouble()) {
    r.kind = kDouble;
    r.d = v.toDouble();
  } else if (v.isBool()) {
    r.kind = kBool;
    r.i = v.toBool();
  } else if (v.isTensorList()) {
    auto list = std::move(v).toTensorVector();
    r.kind = kTensors;
    r.length = static_cast<int32_t>(list.size());
    auto handles = static_cast<void**>(std::malloc(sizeof(void*) * (list.size() + 1)));
    for (size_t i = 0; i < list.size(); i++) handles[i] = own(std::move(list[i]));
    r.p = handles;
  } else if (!v.isNone()) {
    throw std::runtime_error("a result of type " + v.tagKind() + " is not supported");
  }
  return r;
}

RLEF_API const char* rt_error() { return last_error.c_str(); }
RLEF_API const char* rt_version() { return TORCH_VERSION; }

RLEF_API void* rt_operator(const char* name, const char* overload) {
  return guarded(static_cast<void*>(nullptr), [&]() -> void* {
    return new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload));
  });
}

// Calls an operator; trailing arguments that are not given take the schema's defaults. Returns the number of results, or -1.
RLEF_API int32_t rt_call(void* handle, const Value* args, int32_t count, Value* results, int32_t capacity) {
  return guarded(-1, [&] {
    const auto& op = *static_cast<c10::OperatorHandle*>(handle);
    const auto& schema = op.schema().arguments();
    std::vector<IValue> stack;
    stack.reserve(schema.size());
    for (int32_t i = 0; i < count; i++) stack.push_back(to_ivalue(args[i]));
    for (size_t i = stack.size(); i < schema.size(); i++) {
      const auto& value = schema[i].default_value();
      if (!value) throw std::runtime_error("argument '" + schema[i].name() + "' is missing");
      stack.push_back(*value);
    }
    op.callBoxed(&stack);
    const auto n = static_cast<int32_t>(stack.size());
    for (int32_t i = 0; i < n && i < capacity; i++) results[i] = from_ivalue(std::move(stack[i]));
    return n;
  });
}

RLEF_API void rt_free(void** handles, int32_t count) {
  for (int32_t i = 0; i < count; i++)
    if (handles[i]) release(handles[i]);
}
RLEF_API void* rt_share(void* h) { return own(borrow(h)); }
RLEF_API void rt_free_memory(void* p) { std::free(p); }

RLEF_API int32_t rt_dim(void* h) { return static_cast<int32_t>(impl(h)->dim()); }
RLEF_API int64_t rt_numel(void* h) { return impl(h)->numel(); }
RLEF_API void rt_sizes(void* h, int64_t* out) {
  auto sizes = impl(h)->sizes();
  std::memcpy(out, sizes.data(), 8 * sizes.size());
}
RLEF_API int32_t rt_dtype(void* h) { return static_cast<int32_t>(c10::typeMetaToScalarType(impl(h)->dtype())); }
RLEF_API int32_t rt_device(void* h) {
  auto d = impl(h)->device();
  return static_cast<int32_t>(d.type()) | static_cast<int32_t>(static_cast<uint8_t>(d.index())) << 8;
}
RLEF_API int32_t rt_is_contiguous(void* h) { return impl(h)->is_contiguous(); }
RLEF_API void* rt_data(void* h) {
  if (trace) calls["data_ptr"]++;
  return guarded(static_cast<void*>(nullptr), [&]() -> void* { return borrow(h).data_ptr(); });
}

RLEF_API int32_t rt_requires_grad(void* h) { return impl(h)->requires_grad(); }
RLEF_API int32_t rt_set_requires_grad(void* h, int32_t value) {
  return guarded(-1, [&] {
    borrow(h).set_requires_grad(value != 0);
    return 0;
  });
}
RLEF_API void* rt_grad(void* h) {
  return guarded(static_cast<void*>(nullptr), [&]() -> void* {
    Tensor g = borrow(h).grad();
    return own(std::move(g));
  });
}
RLEF_API int32_t rt_set_grad(void* h, void* g) {
  return guarded(-1, [&] {
    borrow(h).mutable_grad() = borrow(g);
    return 0;
  });
}
RLEF_API int32_t rt_backward(void* h, void* gradient, int32_t retain, int32_t create) {
  return guarded(-1, [&] {
    std::vector<Tensor> g;
    if (gradient) g.push_back(borrow(gradient));
    torch::autograd::backward({borrow(h)}, g, retain != 0, create != 0);
    return 0;
  });
}
RLEF_API int32_t rt_grad_enabled() { return c10::GradMode::is_enabled(); }
RLEF_API void rt_set_grad_enabled(int32_t value) { c10::GradMode::set_enabled(value != 0); }

// OpenBLAS keeps a thread count of its own, for the whole process, that ATen does not set.
RLEF_API void rt_set_num_threads(int32_t n) {
  at::set_num_threads(n);
  using Set = void (*)(int);
  static const auto set = reinterpret_cast<Set>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set) set(n);
}
RLEF_API int32_t rt_get_num_threads() { return at::get_num_threads(); }
RLEF_API int32_t rt_manual_seed(uint64_t seed) {
  return guarded(-1, [&] {
    at::manual_seed(seed);
    return 0;
  });
}
RLEF_API int32_t rt_cuda_is_available() {
  return guarded(0, [&] { return static_cast<int32_t>(at::globalContext().hasCUDA() ? 1 : 0); });
}

// Counts what this thread asks of libtorch: every operator, those called by others too, and as "data_ptr" every look at a tensor's memory.
RLEF_API void rt_trace_begin() {
  calls.clear();
  trace = at::addThreadLocalCallback(at::RecordFunctionCallback([](const at::RecordFunction& f) -> std::unique_ptr<at::ObserverContext> {
    calls[f.name()]++;
    return nullptr;
  }));
}
// A line "name count" each; to be freed by rt_free_memory.
RLEF_API char* rt_trace_end() {
  at::removeCallback(trace);
  trace = 0;
  std::string lines;
  for (const auto& [name, count] : calls) lines += name + ' ' + std::to_string(count) + '\n';
  calls.clear();
  return strdup(lines.c_str());
}

// CUDA beyond the operators. Without it these functions fail, and rt_cuda_extras says so beforehand.
#ifdef RLEF_CUDA
#define RLEF_ON_CUDA(body) guarded(-1, [&] body)
#else
#define RLEF_ON_CUDA(body) \
  guarded(-1, [&]() -> int32_t { throw std::runtime_error("rlef_torch was built without CUDA"); })
#endif

RLEF_API int32_t rt_cuda_extras() {
#ifdef RLEF_CUDA
  return 1;
#else
  return 0;
#endif
}

RLEF_API int32_t rt_cuda_synchronize() {
  return RLEF_ON_CUDA({
    c10::cuda::device_synchronize();
    return 0;
  });
}

// Most bytes that tensors took on a device since the last reset.
RLEF_API int32_t rt_cuda_peak(int32_t device, int64_t* bytes) {
  return RLEF_ON_CUDA({
    *bytes = c10::cuda::CUDACachingAllocator::getDeviceStats(static_cast<c10::DeviceIndex>(device)).allocated_bytes[0].peak;
    return 0;
  });
}
RLEF_API int32_t rt_cuda_reset_peak(int32_t device) {
  return RLEF_ON_CUDA({
    c10::cuda::CUDACachingAllocator::resetPeakStats(static_cast<c10::DeviceIndex>(device));
    return 0;
  });
}

// Operations that wait for the device: 0 as usual, 1 warn, 2 fail.
RLEF_API int32_t rt_cuda_forbid_waiting(int32_t level) {
  return RLEF_ON_CUDA({
    c10::cuda::warning_state().set_sync_debug_mode(static_cast<c10::cuda::SyncDebugMode>(level));
    return 0;
  });
}

#ifdef RLEF_CUDA
struct Graph {
  at::cuda::CUDAGraph graph;
  std::unique_ptr<c10::cuda::CUDAStreamGuard> recording;
};
#else
struct Graph {};
#endif

// From here to rt_graph_end this thread's operations are recorded, not run.
RLEF_API Graph* rt_graph_begin(int32_t device) {
#ifdef RLEF_CUDA
  return guarded(static_cast<Graph*>(nullptr), [&] {
    auto g = std::make_unique<Graph>();
    const c10::cuda::CUDAGuard here(static_cast<c10::DeviceIndex>(device));
    // Recording needs a stream of its own, and starts when nothing is under way.
    c10::cuda::device_synchronize();
    g->recording = std::make_unique<c10::cuda::CUDAStreamGuard>(
        c10::cuda::getStreamFromPool(false, static_cast<c10::DeviceIndex>(device)));
    g->graph.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
    return g.release();
  });
#else
  last_error = "rlef_torch was built without CUDA";
  return nullptr;
#endif
}
RLEF_API int32_t rt_graph_end(Graph* g) {
  return RLEF_ON_CUDA({
    // The thread returns to its stream also when what was recorded cannot be replayed.
    const auto recording = std::move(g->recording);
    g->graph.capture_end();
    return 0;
  });
}
RLEF_API int32_t rt_graph_replay(Graph* g) {
  return RLEF_ON_CUDA({
    g->graph.replay();
    return 0;
  });
}
RLEF_API void rt_graph_free(Graph* g) {
  guarded(0, [&] {
    delete g;
    return 0;
  });
}
