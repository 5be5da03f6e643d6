namespace TorchSharp.Modules;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
public sealed class AdamW : IDisposable
{
    // All of it as one operation for many weights, on the CPU since 2.4: one pass through the memory instead of a dozen.
    static readonly bool isFused = Version.TryParse(torch.__version__.Split('+', '-')[0], out var version) && version >= new Version(2, 4);
    static readonly Op fused = new("_fused_adamw_");

    readonly double beta1, beta2, eps, weightDecay;

    public AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0)
    {
        (this.beta1, this.beta2, this.eps, weightDecay) = (beta1, beta2, eps, weight_decay);
        var group = new ParamGroup([.. parameters], lr);
        ParamGroups = [group];
        using var _ = torch.no_grad();
        foreach (var parameter in group.Parameters)
            States.Add(parameter, new State(
                torch.zeros(parameter.shape, parameter.dtype, parameter.device).DetachFromDisposeScope(),
                torch.zeros(parameter.shape, parameter.dtype, parameter.device).DetachFromDisposeScope()));
    }

    public IReadOnlyList<ParamGroup> ParamGroups { get; }
    internal Dictionary<Parameter, State> States { get; } = [];

    /// <summary>State of each parameter, in the order of the parameters.</summary>
    public StateDictionary state_dict() => new([.. ParamGroups[0].Parameters.Select(p => States[p])]);

    /// <summary>Sets gradients to zero; the tensors stay.</summary>
    public void zero_grad()
    {
        foreach (var parameter in ParamGroups[0].Parameters)
        {
            using var gradient = parameter.grad;
            gradient?.zero_();
        }
    }

    public void step()
    {
        using var _ = torch.no_grad();
        using var all = torch.NewDisposeScope();
        List<(Parameter Parameter, torch.Tensor Gradient, State State)> learned = [];
        foreach (var (parameter, state) in States)
            if (parameter.grad is { } gradient)
            {
                state.step++;
                learned.Add((parameter, gradient, state));
            }
        var rate = ParamGroups[0].LearningRate;
        if (isFused)
        {
            foreach (var group in learned.GroupBy(l => (l.State.step, l.Parameter.dtype, l.Parameter.device)))
                StepFused([.. group], rate);
            return;
        }
        foreach (var (parameter, gradient, state) in learned)
        {
            using var scope = torch.NewDisposeScope();
            parameter.mul_(1 - rate * weightDecay);
            state.exp_avg.mul_(beta1).add_(gradient * (1 - beta1));
            state.exp_avg_sq.mul_(beta2).add_(gradient.square() * (1 - beta2));
            var denominator = state.exp_avg_sq.sqrt() / Math.Sqrt(1 - Math.Pow(beta2, state.step)) + eps;
            parameter.add_(state.exp_avg / denominator * (-rate / (1 - Math.Pow(beta1, state.step))));
        }
    }

    unsafe void StepFused((Parameter Parameter, torch.Tensor Gradient, State State)[] learned, double rate)
    {
        var n = learned.Length;
        using var steps = torch.full([], learned[0].State.step, torch.ScalarType.Float32, learned[0].Parameter.device);
        var handles = new nint[5 * n];
        for (var i = 0; i < n; i++)
            (handles[i], handles[n + i], handles[2 * n + i], handles[3 * n + i], handles[4 * n + i]) = (learned[i].Parameter.Handle, learned[i].Gradient.Handle,
                learned[i].State.exp_avg.Handle, learned[i].State.exp_avg_sq.Handle, steps.Handle);
        fixed (nint* p = handles)
            fused.Run(Value.Tensors(p, n), Value.Tensors(p + n, n), Value.Tensors(p + 2 * n, n), Value.Tensors(p + 3 * n, n), Value.Tensors(p, 0),
                Value.Tensors(p + 4 * n, n), rate, beta1, beta2, weightDecay, eps, false, false);
    }

    public void Dispose()
    {
        foreach (var state in States.Values)
        {
            state.exp_avg.Dispose();
            state.exp_avg_sq.Dispose();
        }
    }

    /// <summary>Parameters that share a learning rate.</summary>
    public sealed class ParamGroup(IReadOnlyList<Parameter> parameters, double learningRate)
    {
        public IReadOnlyList<Parameter> Parameters => parameters;
        public double LearningRate { get; set; } = learningRate;
    }

    /// <summary>The moments of one parameter.</summary>
    public sealed class State
    {
        public State(torch.Tensor exp_avg, torch.Tensor exp_avg_sq) => (this.exp_avg, this.exp_avg_sq) = (exp_avg, exp_avg_sq);

        public long step;
        public torch.Tensor exp_avg { get; }
        public torch.Tensor exp_avg_sq { get; }
    }

    /// <summary>What a checkpoint keeps of an optimizer.</summary>
    public sealed class StateDictionary(List<State> state)
    {
        public List<State> State => state;
    }
}
