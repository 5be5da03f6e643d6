using System.Runtime.ExceptionServices;
using Rlef.Critics;
using Rlef.Policy;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Transformer = Rlef.Policy.Transformer;

namespace Rlef.Learning;

/// <summary>
/// Views of one policy and its value function that share the weights and collect gradients of their own. Each processor core works off parts of a
/// batch on its view with one thread, which at these sizes is nearly twice as fast as splitting every operation among two.
/// </summary>
/// <remarks>Parts are dealt out and gradients added up in a fixed order, so a run is repeatable on a machine with the same number of threads.</remarks>
public sealed class Replicas : IDisposable
{
    /// <param name="Policy">Same weights in every view.</param>
    /// <param name="Value">Null where no value function is learned.</param>
    public sealed record View(Transformer Policy, ValueFunction? Value)
    {
        internal IEnumerable<Parameter> Parameters => Policy.Parameters.Values.Concat(Value?.Parameters.Values ?? []);
    }

    readonly View[] views;

    /// <param name="count">Number of views; by default one for each core, and one on a GPU and for 16-bit weights, whose gradients are collected after each part.</param>
    public Replicas(Transformer policy, ValueFunction? value = null, int? count = null)
    {
        views = new View[count ?? (policy.Device.type == DeviceType.CPU && policy.Dtype == ScalarType.Float32 ? Cores.Count : 1)];
        views[0] = new(policy, value);
        for (var i = 1; i < views.Length; i++)
        {
            var shared = policy.Share();
            views[i] = new(shared, value?.Share(shared));
        }
    }

    public int Count => views.Length;

    /// <summary>The views' value functions, the one that was given first.</summary>
    public IReadOnlyList<ValueFunction> Values => [.. views.Select(v => v.Value).OfType<ValueFunction>()];

    /// <summary>Works off every item, and adds the gradients of all views to those of the policy and value function themselves.</summary>
    /// <param name="cost">Relative time of an item.</param>
    /// <param name="work">Called on several threads at once, each with its own view.</param>
    /// <returns>Results in the order of the items.</returns>
    public TResult[] ForEach<TItem, TResult>(IReadOnlyList<TItem> items, Func<TItem, long> cost, Func<View, TItem, TResult> work)
    {
        var results = new TResult[items.Count];
        var shares = Deal([.. items.Select(cost)]);
        UseOneThread();
        if (shares.Length == 1)
            Work(0);
        else
            OnThreads(shares.Length, Work);
        AddGradients(shares.Length);
        return results;

        void Work(int view)
        {
            foreach (var item in shares[view])
                results[item] = work(views[view], items[item]);
        }
    }

    // Longest first, each to the view with the least to do. One item needs no second view.
    List<int>[] Deal(long[] costs)
    {
        var shares = Enumerable.Range(0, Math.Clamp(costs.Length, 1, views.Length)).Select(_ => new List<int>()).ToArray();
        var loads = new long[shares.Length];
        foreach (var item in Enumerable.Range(0, costs.Length).OrderByDescending(i => costs[i]).ThenBy(i => i))
        {
            var least = Array.IndexOf(loads, loads.Min());
            shares[least].Add(item);
            loads[least] += costs[item];
        }
        return shares;
    }

    // The optimizer's many small operations, too, would wait for a second thread longer than it saves, above all when the machine has other work.
    void UseOneThread()
    {
        if (views.Length > 1)
            set_num_threads(1);
    }

    static void OnThreads(int count, Action<int> work)
    {
        ExceptionDispatchInfo? failure = null;
        var workers = Enumerable.Range(0, count).Select(view => new Thread(() =>
        {
            try
            {
                set_num_threads(1);
                work(view);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
            }
        })
        { IsBackground = true }).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
        failure?.Throw();
    }

    void AddGradients(int used)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        for (var view = 1; view < used; view++)
            foreach (var (own, other) in views[0].Parameters.Zip(views[view].Parameters))
            {
                if (other.grad is not { } gradient)
                    continue;
                if (own.grad is { } sum)
                    sum.Add_(gradient);
                else
                    own.grad = gradient;
                other.grad = null;
            }
    }

    public void Dispose()
    {
        foreach (var (policy, value) in views.Skip(1))
        {
            value?.Dispose();
            policy.Dispose();
        }
        set_num_threads(Cores.Count);
    }
}
