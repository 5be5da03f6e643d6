using System.Globalization;
using Rlef.Policy;
using Rlef.Randomness;
using static TorchSharp.torch;

namespace Rlef.Learning;

/// <summary>Maximises the likelihood of known responses: −mean log π(token) over the tokens that are to be learned, usually those of the responses.</summary>
public static class SupervisedTrainer
{
    /// <summary>A dialogue to imitate: ids [T], and which of them are to be predicted; the first has nothing to be predicted from.</summary>
    public sealed record Example(int[] Ids, bool[] IsLearned);

    /// <param name="Steps">Optimizer steps; the rate rises over the first 2 % and falls along a cosine to a tenth.</param>
    /// <param name="GradientCheckpointing">For models with many layers or words: less memory, for a second forward pass (<see cref="ActivationCheckpoints"/>).</param>
    public sealed record Options(int Steps, int BatchTokens = 4096, double LearningRate = 2e-3, double WeightDecay = 0.1, ulong Seed = 1, bool GradientCheckpointing = false);

    /// <param name="progress">Receives each step and its loss in nats a token.</param>
    /// <exception cref="ArgumentException">No token of the examples is to be learned.</exception>
    /// <exception cref="NotFiniteNumberException">Learning diverged; the message names step and rate.</exception>
    public static void Train(Transformer model, IReadOnlyList<Example> examples, Options options, Action<int, double>? progress = null,
        CancellationToken cancellation = default)
    {
        examples = [.. examples.Where(e => Learned(e) > 0)];
        if (examples.Count == 0)
            throw new ArgumentException("There is nothing to imitate: no token of the examples is to be learned.", nameof(examples));
        using var weights = new MasterWeights(model.Trained);
        using var optimizer = new AdamW(weights.Parameters, options.WeightDecay);
        using var replicas = new Replicas(model);
        var step = 0;
        foreach (var batch in Enumerable.InfiniteSequence(0, 1).SelectMany(pass => Batches(examples, options, pass)).Take(options.Steps))
        {
            cancellation.ThrowIfCancellationRequested();
            optimizer.ClearGradients();
            var loss = Backward(replicas, batch, options.GradientCheckpointing);
            weights.Collect();
            var norm = nn.utils.clip_grad_norm_(weights.Parameters.Values, 1);
            if (!double.IsFinite(norm) || !double.IsFinite(loss))
                throw new NotFiniteNumberException(string.Create(CultureInfo.InvariantCulture,
                    $"Step {step + 1}: the loss is {loss} and the norm of the gradients {norm}. Learning diverged: begin anew with a lower learning rate than {options.LearningRate:g3}."));
            optimizer.Step(options.LearningRate * LearningRateSchedule.Cosine.Share(step, Math.Max(1, options.Steps / 50), options.Steps, floor: 0.1));
            weights.Publish();
            step++;
            progress?.Invoke(step, loss);
        }
    }

    /// <summary>Adds the gradients of <see cref="Loss"/> of a batch.</summary>
    /// <returns>The loss, in nats a token.</returns>
    public static double Backward(Replicas replicas, IReadOnlyList<Example> batch, bool gradientCheckpointing = false)
    {
        double learned = batch.Sum(Learned);
        var part = Math.Max(1, (batch.Count + replicas.Count - 1) / replicas.Count);
        return replicas.ForEach([.. batch.Chunk(part)], p => p.Sum(e => e.Ids.Length), (view, examples) =>
        {
            using var scope = NewDisposeScope();
            var checkpoints = new ActivationCheckpoints(gradientCheckpointing);
            var loss = Loss(view.Policy, examples, checkpoints).Mul(examples.Sum(Learned) / learned);
            checkpoints.Backward(loss);
            return (double)loss.item<float>();
        }).Sum();
    }

    static int Learned(Example example) => example.IsLearned.Count(learned => learned);

    /// <summary>Optimizer steps of a pass over the examples.</summary>
    public static int StepsInPass(IReadOnlyList<Example> examples, Options options) => Batches(examples, options, 0).Count();

    // A pass in random order. Within a pool, examples of similar length share a batch, which holds at most as many tokens as all of its longest length would.
    static IEnumerable<List<Example>> Batches(IReadOnlyList<Example> examples, Options options, int pass)
    {
        const int pool = 1024;
        var order = Enumerable.Range(0, examples.Count).ToArray();
        var random = RandomStream.For(options.Seed, pass);
        random.Shuffle<int>(order);
        foreach (var part in order.Chunk(pool))
        {
            List<List<Example>> batches = [[]];
            foreach (var example in part.Select(i => examples[i]).OrderBy(e => e.Ids.Length))
            {
                if (batches[^1].Count > 0 && example.Ids.Length * (batches[^1].Count + 1) > options.BatchTokens)
                    batches.Add([]);
                batches[^1].Add(example);
            }
            var shuffled = batches.ToArray();
            random.Shuffle<List<Example>>(shuffled);
            foreach (var batch in shuffled)
                yield return batch;
        }
    }

    /// <summary>Mean negative log-likelihood of the tokens to be learned, in nats.</summary>
    /// <param name="checkpoints">Run the model, and then its gradient too; null for none.</param>
    public static Tensor Loss(Transformer model, IReadOnlyList<Example> batch, ActivationCheckpoints? checkpoints = null)
    {
        checkpoints ??= new(enabled: false);
        List<long> ids = [], positions = [], targets = [];
        foreach (var example in batch)
            for (var t = 0; t < example.Ids.Length; t++)
            {
                ids.Add(example.Ids[t]);
                if (!example.IsLearned[t])
                    continue;
                positions.Add(ids.Count - 2);
                targets.Add(example.Ids[t]);
            }
        var device = model.Device;
        var hidden = model.Hidden(tensor(ids.ToArray(), [1, ids.Count]).to(device), [.. batch.Select(e => e.Ids.Length)], checkpoints);
        return -ChosenTokens.LogProbs(model, hidden, tensor(positions.ToArray()).to(device), tensor(targets.ToArray()).to(device), temperature: 1, checkpoints).mean();
    }
}
