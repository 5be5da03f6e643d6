using Rlef.Policy;
using Rlef.Randomness;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>
/// Log-probabilities while dialogues are drawn turn by turn, beside those of whole forward passes over what was said: alone, as a scorer does, and packed
/// one behind the other, as the learner does. A gap between the two is learned as if it were reward.
/// </summary>
public sealed class SamplerTrainerGapTests : IDisposable
{
    const int Rows = 4, Turns = 2, Answer = 8;
    static readonly string Folder = References.Path("families");

    readonly IDisposable scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    public static TheoryData<string, ScalarType> Models
    {
        get
        {
            TheoryData<string, ScalarType> models = [];
            foreach (var family in Directory.GetDirectories(Folder).Select(f => Path.GetFileName(f)!).Order())
            {
                models.Add(family, ScalarType.Float32);
                models.Add(family, ScalarType.BFloat16);
            }
            return models;
        }
    }

    sealed record Dialogue(List<int> Ids, List<(int Place, float LogProb)> Said);

    [Theory, MemberData(nameof(Models))]
    public void The_sampler_says_what_the_trainer_computes(string family, ScalarType dtype)
    {
        using var model = Load(family, dtype);
        foreach (var create in Decoders(model))
            using (var decoder = create())
            {
                var dialogues = Play(decoder);
                var said = dialogues.SelectMany(d => d.Said).Select(s => (double)s.LogProb).ToArray();
                Assert.True(said.Length > Rows * Turns * 3 && said.Min() < -1, "the dialogues should have many tokens, some of them unlikely");
                double[] alone = [.. dialogues.SelectMany(d => SequenceScorer.LogProbs(model, d.Ids) is var all ? d.Said.Select(s => (double)all[s.Place - 1]) : [])];
                foreach (var (what, trained) in new[] { ("alone", alone), ("packed", Packed(model, dialogues)) })
                {
                    var gaps = said.Zip(trained, (a, b) => a - b).ToArray();
                    var where = $"{decoder.GetType().Name} with blocks of {decoder.Block}, {what}: largest gap {gaps.Max(Math.Abs):E2}, mean {gaps.Average():E2}";
                    // Of 16 bits, a logit of about 8 keeps a 32nd; errors must be of that size, and must not lean to one side.
                    Assert.True(gaps.Max(Math.Abs) <= (dtype == ScalarType.Float32 ? 2e-5 : 0.2), where);
                    Assert.True(Math.Abs(gaps.Average()) <= (dtype == ScalarType.Float32 ? 2e-6 : 0.02), where);
                }
            }
    }

    static Transformer Load(string family, ScalarType dtype)
    {
        var folder = Directory.CreateTempSubdirectory("rlef-gap-").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(Path.Combine(Folder, family)))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            File.WriteAllText(Path.Combine(folder, "tokenizer.json"), TokenizerFile.ToJson(["a"], [], [], TokenizerFile.SingleDigitPattern));
            return PolicyCheckpoint.Load(folder, Tensors.Device, dtype).Model;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static IEnumerable<Func<IDecoder>> Decoders(Transformer model)
    {
        const int longest = Turns * (Answer + 6);
        yield return () => new TensorDecoder(model, Rows, longest, block: 0);
        yield return () => new TensorDecoder(model, Rows, longest, block: 5);
        if (FusedDecoder.CanDecode(model))
            yield return () => new FusedDecoder(model, Rows, longest);
    }

    // Rows begin one after another and answer at different lengths, so prompts, single tokens and next turns meet in one step.
    static List<Dialogue> Play(IDecoder decoder)
    {
        var dialogues = Enumerable.Range(0, Rows).Select(_ => new Dialogue([], [])).ToList();
        Queue<int> waiting = new(Enumerable.Range(0, Rows));
        List<(OpenResponse Response, int Turn)> open = [];
        while (waiting.Count > 0 || open.Count > 0)
        {
            if (waiting.TryDequeue(out var row))
                open.Add((Begin(row, 0), 0));
            decoder.Sample(open.Select(o => o.Response).ToArray());
            foreach (var (response, turn) in open.Where(o => o.Response.Ended).ToArray())
            {
                open.Remove((response, turn));
                var dialogue = dialogues[response.Row];
                foreach (var (token, logProb) in response.Tokens.Zip(response.LogProbs))
                {
                    dialogue.Said.Add((dialogue.Ids.Count, logProb));
                    dialogue.Ids.Add(token);
                }
                if (turn + 1 < Turns)
                    open.Add((Begin(response.Row, turn + 1), turn + 1));
            }
        }
        return dialogues;

        // The last token of an answer was drawn, but not yet read.
        OpenResponse Begin(int row, int turn)
        {
            var dialogue = dialogues[row];
            int[] message = [.. Enumerable.Range(0, 1 + (row + 3 * turn) % 5).Select(i => (11 * row + 5 * turn + 7 * i) % decoder.VocabularySize)], unread = [.. dialogue.Ids.TakeLast(1)];
            dialogue.Ids.AddRange(message);
            return new(row, (int[])[.. unread, .. message], RandomStream.For(3, row, turn), new(1, 1, Answer - row % 3), token => token % 17 == 5);
        }
    }

    static double[] Packed(Transformer model, List<Dialogue> dialogues)
    {
        using var _ = no_grad();
        var starts = dialogues.Select((_, i) => dialogues.Take(i).Sum(d => d.Ids.Count)).ToArray();
        var hidden = model.Hidden(tensor([.. dialogues.SelectMany(d => d.Ids).Select(i => (long)i)], [1, dialogues.Sum(d => d.Ids.Count)]).Here(), [.. dialogues.Select(d => d.Ids.Count)]);
        var positions = tensor([.. dialogues.SelectMany((d, i) => d.Said.Select(s => (long)starts[i] + s.Place - 1))]).Here();
        var targets = tensor([.. dialogues.SelectMany(d => d.Said.Select(s => (long)d.Ids[s.Place]))]).Here();
        return [.. ChosenTokens.LogProbs(model, hidden, positions, targets, 1, new ActivationCheckpoints(enabled: false)).Floats().Select(x => (double)x)];
    }
}
