namespace TorchSharp;

public static partial class torch
{
    static class Ops
    {
        public static readonly Op
            add = new("add", "Tensor"), addScalar = new("add", "Scalar"), sub = new("sub", "Tensor"), subScalar = new("sub", "Scalar"),
            mul = new("mul", "Tensor"), mulScalar = new("mul", "Scalar"), div = new("div", "Tensor"), divScalar = new("div", "Scalar"),
            rsubScalar = new("rsub", "Scalar"), reciprocal = new("reciprocal"), neg = new("neg"), matmul = new("matmul"), transpose = new("transpose", "int"),
            permute = new("permute"), view = new("view"), reshape = new("reshape"), flatten = new("flatten", "using_ints"),
            unsqueeze = new("unsqueeze"), squeeze = new("squeeze", "dim"), expand = new("expand"), narrow = new("narrow"),
            select = new("select", "int"), slice = new("slice", "Tensor"), indexSelect = new("index_select"), indexCopy_ = new("index_copy_"),
            gather = new("gather"), chunk = new("chunk"), contiguous = new("contiguous"), clone = new("clone"), detach = new("detach"),
            toCopy = new("_to_copy"), to = new("to", "dtype_layout"), softmax = new("softmax", "int"), logSoftmax = new("log_softmax", "int"),
            exp = new("exp"), log = new("log"), sqrt = new("sqrt"), rsqrt = new("rsqrt"), pow = new("pow", "Tensor_Scalar"), square = new("square"),
            abs = new("abs"), sin = new("sin"), cos = new("cos"), tanh = new("tanh"), erf = new("erf"), sigmoid = new("sigmoid"), silu = new("silu"), relu = new("relu"),
            mean = new("mean", "dim"), meanAll = new("mean"), sum = new("sum", "dim_IntList"), sumAll = new("sum"), max = new("max"), min = new("min"),
            maximum = new("maximum"), minimum = new("minimum"), sort = new("sort", "stable"), topk = new("topk"), searchsorted = new("searchsorted", "Tensor"), clamp = new("clamp"), maskedFill = new("masked_fill", "Scalar"), triu = new("triu"),
            tril = new("tril"), cumsum = new("cumsum"), argmax = new("argmax"), eq = new("eq", "Tensor"), gt = new("gt", "Tensor"),
            gtScalar = new("gt", "Scalar"), lt = new("lt", "Tensor"), ltScalar = new("lt", "Scalar"), isfinite = new("isfinite"), all = new("all"), copy_ = new("copy_"), zero_ = new("zero_"), fill_ = new("fill_", "Scalar"),
            normal_ = new("normal_"), uniform_ = new("uniform_"), add_ = new("add_", "Tensor"), addScalar_ = new("add_", "Scalar"), mul_ = new("mul_", "Tensor"), mulScalar_ = new("mul_", "Scalar"),
            addcmul_ = new("addcmul_"), addcdiv_ = new("addcdiv_"), norm = new("linalg_vector_norm"), cat = new("cat"), stack = new("stack"), where = new("where", "self"), empty = new("empty", "memory_format"),
            zeros = new("zeros"), ones = new("ones"), full = new("full"), rand = new("rand"), randn = new("randn"), arange = new("arange", "start_step"),
            randint = new("randint", "low"), linear = new("linear"), crossEntropy = new("cross_entropy_loss"),
            scaledDotProductAttention = new("scaled_dot_product_attention");
    }

    public partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => Ops.add.Call(left, right);
        public static Tensor operator +(Tensor left, Scalar right) => Ops.addScalar.Call(left, right);
        public static Tensor operator +(Scalar left, Tensor right) => Ops.addScalar.Call(right, left);
        public static Tensor operator -(Tensor left, Tensor right) => Ops.sub.Call(left, right);
        public static Tensor operator -(Tensor left, Scalar right) => Ops.subScalar.Call(left, right);
        public static Tensor operator -(Scalar left, Tensor right) => Ops.rsubScalar.Call(right, left);
        public static Tensor operator *(Tensor left, Tensor right) => Ops.mul.Call(left, right);
        public static Tensor operator *(Tensor left, Scalar right) => Ops.mulScalar.Call(left, right);
        public static Tensor operator *(Scalar left, Tensor right) => Ops.mulScalar.Call(right, left);
        public static Tensor operator /(Tensor left, Tensor right) => Ops.div.Call(left, right);
        public static Tensor operator /(Tensor left, Scalar right) => Ops.divScalar.Call(left, right);
        public static Tensor operator -(Tensor tensor) => Ops.neg.Call(tensor);

        public Tensor matmul(Tensor target) => Ops.matmul.Call(this, target);
        public Tensor t() => transpose(0, 1);
        public Tensor transpose(long dim0, long dim1) => Ops.transpose.Call(this, dim0, dim1);
        public Tensor permute(params long[] permutation) => Shaped(Ops.permute, permutation);
        public Tensor view(params long[] shape) => Shaped(Ops.view, shape);
        public Tensor reshape(params long[] shape) => Shaped(Ops.reshape, shape);
        public Tensor expand(params long[] sizes) => Shaped(Ops.expand, sizes);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Ops.flatten.Call(this, start_dim, end_dim);
        public Tensor unsqueeze(long dim) => Ops.unsqueeze.Call(this, dim);
        public Tensor squeeze(long dim) => Ops.squeeze.Call(this, dim);
        public Tensor narrow(long dim, long start, long length) => Ops.narrow.Call(this, dim, start, length);
        public Tensor select(long dim, long index) => Ops.select.Call(this, dim, index);
        public Tensor slice(long dim, long start, long finish, long step) => Ops.slice.Call(this, dim, start, finish, step);
        public Tensor index_select(long dim, Tensor index) => Ops.indexSelect.Call(this, dim, index);
        public Tensor gather(long dim, Tensor index) => Ops.gather.Call(this, dim, index);
        public Tensor[] chunk(long chunks, long dim = 0) => Ops.chunk.CallMany(this, chunks, dim);
        public Tensor contiguous() => is_contiguous() ? alias() : Ops.contiguous.Call(this, 0);
        public Tensor clone() => Ops.clone.Call(this);
        public Tensor detach() => Ops.detach.Call(this);
        public Tensor alias() => new(Native.rt_share(Handle));

        public Tensor to(ScalarType type) => type == dtype ? alias() : Ops.toCopy.Call(this, (long)type);
        public Tensor to(Device device) => device.Equals(this.device) || device.type == DeviceType.CPU && device_type == DeviceType.CPU
            ? alias() : Ops.toCopy.Call(this, Value.None, Value.None, Value.Of(device));
        public Tensor cpu() => to(CPU);
        public Tensor cuda() => to(CUDA);

        public Tensor softmax(long dim) => Ops.softmax.Call(this, dim, Value.None);
        public Tensor log_softmax(long dim) => Ops.logSoftmax.Call(this, dim, Value.None);
        public Tensor exp() => Ops.exp.Call(this);
        public Tensor log() => Ops.log.Call(this);
        public Tensor sqrt() => Ops.sqrt.Call(this);
        public Tensor rsqrt() => Ops.rsqrt.Call(this);
        public Tensor pow(Scalar exponent) => Ops.pow.Call(this, exponent);
        public Tensor square() => Ops.square.Call(this);
        public Tensor abs() => Ops.abs.Call(this);
        public Tensor sin() => Ops.sin.Call(this);
        public Tensor cos() => Ops.cos.Call(this);
        public Tensor tanh() => Ops.tanh.Call(this);
        public Tensor erf() => Ops.erf.Call(this);
        public Tensor sigmoid() => Ops.sigmoid.Call(this);
        public Tensor mean() => Ops.meanAll.Call(this);
        public unsafe Tensor mean(long[] dimensions, bool keepdim = false)
        {
            fixed (long* p = dimensions)
                return Ops.mean.Call(this, Value.Ints(p, dimensions.Length), keepdim, Value.None);
        }
        public Tensor sum() => Ops.sumAll.Call(this);
        public unsafe Tensor sum(long dim, bool keepdim = false) => Ops.sum.Call(this, Value.Ints(&dim, 1), keepdim, Value.None);
        public Tensor max() => Ops.max.Call(this);
        public Tensor min() => Ops.min.Call(this);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Ops.clamp.Call(this, min?.value ?? Value.None, max?.value ?? Value.None);
        public Tensor clamp_max(Scalar max) => clamp(null, max);
        public Tensor clamp_min(Scalar min) => clamp(min);
        public Tensor masked_fill(Tensor mask, Scalar value) => Ops.maskedFill.Call(this, mask, value);
        public Tensor triu(long diagonal = 0) => Ops.triu.Call(this, diagonal);
        public Tensor tril(long diagonal = 0) => Ops.tril.Call(this, diagonal);
        public Tensor cumsum(long dim) => Ops.cumsum.Call(this, dim);
        public Tensor argmax(long dim, bool keepdim = false) => Ops.argmax.Call(this, dim, keepdim);
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) => Ops.sort.Call2(this, stable, dim, descending);
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) => Ops.topk.Call2(this, k, dim, largest, sorted);
        public Tensor eq(Tensor target) => Ops.eq.Call(this, target);
        public Tensor gt(Tensor target) => Ops.gt.Call(this, target);
        public Tensor gt(Scalar target) => Ops.gtScalar.Call(this, target);
        public Tensor lt(Tensor target) => Ops.lt.Call(this, target);
        public Tensor lt(Scalar target) => Ops.ltScalar.Call(this, target);
        public Tensor isfinite() => Ops.isfinite.Call(this);
        public Tensor all() => Ops.all.Call(this);
        public Tensor norm() => Ops.norm.Call(this);

        public Tensor copy_(Tensor source, bool non_blocking = false) => InPlace(Ops.copy_, this, source, non_blocking);
        public Tensor zero_() => InPlace(Ops.zero_, this);
        public Tensor fill_(Scalar value) => InPlace(Ops.fill_, this, value);
        public Tensor normal_(double mean = 0.0, double stddev = 1.0) => InPlace(Ops.normal_, this, mean, stddev);
        public Tensor uniform_(double from, double to) => InPlace(Ops.uniform_, this, from, to);
        public Tensor add_(Tensor target) => InPlace(Ops.add_, this, target);
        public Tensor add_(Scalar value) => InPlace(Ops.addScalar_, this, value);
        public Tensor mul_(Tensor target) => InPlace(Ops.mul_, this, target);
        public Tensor mul_(Scalar target) => InPlace(Ops.mulScalar_, this, target);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => InPlace(Ops.indexCopy_, this, dim, index, source);

        Tensor InPlace(Op op, params ReadOnlySpan<Value> args)
        {
            op.Run(args);
            return this;
        }

        unsafe Tensor Shaped(Op op, long[] sizes)
        {
            fixed (long* p = sizes)
                return op.Call(this, Value.Ints(p, sizes.Length));
        }
    }
}
