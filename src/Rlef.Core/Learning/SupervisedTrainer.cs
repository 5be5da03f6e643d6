using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Learning;

/// <summary>Maximises the likelihood of known responses: −mean log π(response token), prompts and feedback left out of the loss.</summary>
public static class SupervisedTrainer
{
    /// <summary>A dialogue to imitate: ids [T], and which of them are the responses'.</summary>
    public sealed record Example(int[] Ids, bool[] IsResponse);

    /// <param name="Steps">Optimizer steps; the rate rises over the first 2 % and falls along a cosine to a tenth.</param>
    public sealed record Options(int Steps, int BatchTokens = 8192, double LearningRate = 2e-3, double WeightDecay = 0.1, ulong Seed = 1);

    /// <param name="next">Gives the n-th example of an endless supply.</param>
    /// <param name="progress">Receives step and mean loss in nats a token since the last report.</param>
    public static void Train(Transformer model, Func<long, Example> next, Options options, Action<int, double>? progress = null,
        CancellationToken cancellation = default)
    {
        using var optimizer = optim.AdamW(model.Parameters.Values, options.LearningRate, 0.9, 0.95, 1e-8, options.WeightDecay);
        var drawn = 0L;
        for (var step = 0; step < options.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = options.LearningRate * Schedule(step, options.Steps);
            using var scope = NewDisposeScope();
            List<Example> batch = [];
            for (var width = 0; ;)
            {
                var example = next(drawn);
                width = Math.Max(width, example.Ids.Length);
                if (batch.Count > 0 && width * (batch.Count + 1) > options.BatchTokens)
                    break;
                batch.Add(example);
                drawn++;
            }
            var loss = Loss(model, batch);
            optimizer.zero_grad();
            loss.backward();
            nn.utils.clip_grad_norm_(model.Parameters.Values, 1);
            optimizer.step();
            if (step % 20 == 19 || step == options.Steps - 1)
                progress?.Invoke(step + 1, loss.item<float>());
        }
    }

    /// <summary>Mean negative log-likelihood of the response tokens, in nats.</summary>
    public static Tensor Loss(Transformer model, IReadOnlyList<Example> batch)
    {
        var width = batch.Max(e => e.Ids.Length);
        var ids = new long[batch.Count * width];
        List<long> positions = [], targets = [];
        for (var b = 0; b < batch.Count; b++)
            for (var t = 0; t < batch[b].Ids.Length; t++)
            {
                ids[b * width + t] = batch[b].Ids[t];
                if (!batch[b].IsResponse[t])
                    continue;
                positions.Add((long)b * width + t - 1);
                targets.Add(batch[b].Ids[t]);
            }
        var device = model.Device;
        var hidden = model.Hidden(tensor(ids, [batch.Count, width]).to(device));
        var chosen = hidden.reshape(-1, model.Config.HiddenSize).index_select(0, tensor(positions.ToArray()).to(device));
        return -new TokenDistribution(model.Logits(chosen)).Of(tensor(targets.ToArray()).to(device)).mean();
    }

    static double Schedule(int step, int steps)
    {
        var warmup = Math.Max(1, steps / 50);
        return step < warmup
            ? (step + 1.0) / warmup
            : 0.1 + 0.45 * (1 + Math.Cos(Math.PI * (step - warmup) / Math.Max(1, steps - warmup)));
    }
}
