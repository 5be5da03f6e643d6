using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Rewards;
using static TorchSharp.torch;

namespace Rlef.Experiments;

/// <summary>
/// A sandbox, a judge and a base policy, ready for experiments. Training reads and writes run directories: a finished run is loaded, an interrupted
/// one resumed, and only what is missing is computed.
/// </summary>
public sealed class Laboratory : IAsyncDisposable
{
    readonly ISandbox sandbox;
    readonly IJudge evaluationJudge;
    readonly string basePolicy;
    readonly Device device;

    Laboratory(ISandbox sandbox, string basePolicy, ChatFormat format, DialogueWording wording, Device device)
    {
        (this.sandbox, this.basePolicy, Format, this.device, Wording) = (sandbox, basePolicy, format, device, wording);
        Judge = new Judge(sandbox);
        evaluationJudge = new EvaluationJudge(sandbox);
    }

    /// <summary>For training: one process for each program. What is reported is judged by an <see cref="EvaluationJudge"/>.</summary>
    public IJudge Judge { get; }
    public ChatFormat Format { get; }
    public PolicyTokenizer Tokenizer => Format.Tokenizer;
    public DialogueWording Wording { get; }
    internal ISandbox Programs => sandbox;

    /// <summary>What programs may import beside the standard library.</summary>
    public IReadOnlyList<PythonPackage> PythonPackages => sandbox.Packages;

    /// <param name="basePolicy">Policy folder, GGUF file or model on a hub (see <see cref="PolicyPath"/>); null for the shipped nano policy.</param>
    /// <param name="sandbox">One of <see cref="Sandbox.Names"/>; null for <see cref="Sandbox.Default"/>.</param>
    /// <param name="device">Where policies compute: <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>; null for <see cref="Devices.Default"/>.</param>
    /// <param name="packages">Packages that programs may import, with commas between them; null for <see cref="Sandbox.DefaultPackages"/>.</param>
    public static async Task<Laboratory> OpenAsync(string? basePolicy = null, DialogueWording? wording = null, string? sandbox = null, string? device = null,
        string? packages = null, CancellationToken cancellation = default)
    {
        var found = Devices.Find(device);
        var policy = basePolicy is null ? Home.File("data", "nano", "base") : await PolicyPath.FindAsync(basePolicy, cancellation: cancellation);
        // Before the sandbox, whose workers nobody would end if it failed.
        var format = ChatFormat.Load(policy);
        return new(await Sandbox.StartAsync(sandbox, packages: packages, cancellation: cancellation), policy, format, wording ?? DialogueWording.Nano, found);
    }

    /// <summary>A shipped problem set of the nano world: <c>train</c>, <c>validation</c> or <c>test</c>.</summary>
    public static ProblemSet Nano(string split) => ProblemFile.Load(Home.File("data", "nano", split + ".jsonl"));

    /// <summary>A shipped problem set of the micro world, such as <c>train</c> or <c>unseen</c>.</summary>
    public static ProblemSet Micro(string set) => ProblemFile.Load(Home.File("data", "micro", set + ".jsonl.gz"));

    /// <summary>Problems of any known format; see <see cref="ProblemReader"/>.</summary>
    /// <param name="leftOut">Hears of those that cannot be read or judged, which are then left out; null where the first of them is an error.</param>
    public async Task<ProblemSet> ReadProblemsAsync(string path, Action<IReadOnlyList<ProblemFault>>? leftOut = null, CancellationToken cancellation = default) =>
        (await ProblemReader.ReadAsync(path, sandbox, cancellation: cancellation)).ToSet(leftOut);

    /// <summary>A fresh copy of the base policy.</summary>
    public PolicyCheckpoint LoadBase(WeightType dtype = WeightType.Float32) =>
        PolicyCheckpoint.Load(basePolicy, device, dtype: dtype == WeightType.Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32);

    /// <summary>Trains the base policy, or brings back a run of that name; its folder <c>policy</c> holds the result, adapters merged, and <c>adapters</c> those alone.</summary>
    /// <param name="run">Folder of the run.</param>
    public async Task<PolicyCheckpoint> TrainAsync(string run, TrainingConfig config, ProblemSet problems, IFeedbackSource? feedback = null,
        IReward? reward = null, IProgress<IReadOnlyDictionary<string, double>>? progress = null, CancellationToken cancellation = default)
    {
        var policy = LoadBase(config.Dtype);
        try
        {
            using var trainer = new RlefTrainer(policy.Model, Setup(problems, feedback, reward), config);
            await trainer.TrainAsync(new RunDirectory(run), progress, cancellation);
            policy.Save(Path.Combine(run, "policy"));
            if (policy.Model.Lora is not null)
                LoraFile.Save(policy.Model, Path.Combine(run, "adapters"), basePolicy);
            return policy;
        }
        catch
        {
            policy.Dispose();
            throw;
        }
    }

    TrainingSetup Setup(ProblemSet problems, IFeedbackSource? feedback, IReward? reward) =>
        new(problems, Judge, Format, Wording, feedback ?? new RealFeedback(Wording), reward ?? new RlefReward())
        {
            PythonPackages = sandbox.Packages,
            Sandbox = $"{sandbox.Name}, Python {sandbox.Python}",
        };

    /// <summary>The identity of the run that <see cref="TrainAsync"/> would begin or go on with.</summary>
    public Recipe RecipeOf(TrainingConfig config, ProblemSet problems, IFeedbackSource? feedback = null, IReward? reward = null)
    {
        using var policy = LoadBase(config.Dtype);
        return Recipe.Of(config, Setup(problems, feedback, reward), policy.Model);
    }

    /// <summary>Plays every problem several times.</summary>
    /// <param name="samples">Dialogues for each problem.</param>
    /// <param name="maxDialogueTokens">Longest dialogue; null for <see cref="Evaluator"/>'s.</param>
    /// <param name="judge">Null for an <see cref="EvaluationJudge"/>, as for what is reported; <see cref="Judge"/> is several times as fast.</param>
    public async Task<EvaluationResult> EvaluateAsync(Transformer policy, ProblemSet problems, IFeedbackSource? feedback = null, int turnLimit = 3,
        int samples = 3, Sampling? sampling = null, ulong seed = 1, int? maxDialogueTokens = null, IJudge? judge = null, CancellationToken cancellation = default)
    {
        using var evaluator = new Evaluator(policy, Format, judge ?? evaluationJudge, maxDialogueTokens: maxDialogueTokens ?? Evaluator.MaxDialogueTokens);
        var options = new RolloutOptions(Wording, feedback ?? new RealFeedback(Wording), sampling ?? Sampling.Nano, turnLimit);
        return new(await evaluator.PlayAsync(problems, samples, options, seed, cancellation));
    }

    /// <summary>Makes a source of feedback that draws, where it does, from the base policy's programs; see <see cref="FeedbackSources"/>.</summary>
    /// <param name="name">One of <see cref="FeedbackSources.Names"/>.</param>
    /// <param name="sampling">Of the programs whose feedback is shown; null for the nano world's.</param>
    /// <param name="maxDialogueTokens">Longest dialogue; null for <see cref="Evaluator"/>'s.</param>
    public Task<IFeedbackSource> FeedbackAsync(string name, ProblemSet problems, Sampling? sampling = null, int? maxDialogueTokens = null,
        ulong seed = FeedbackSources.Seed, CancellationToken cancellation = default)
    {
        return FeedbackSources.CreateAsync(name, Wording, Judge, ProgramsAsync, cancellation);

        async Task<IReadOnlyCollection<(Problem, string)>> ProgramsAsync(int samples)
        {
            using var policy = LoadBase();
            var first = await EvaluateAsync(policy.Model, problems, turnLimit: 1, samples: samples, sampling: sampling, seed: seed, maxDialogueTokens: maxDialogueTokens,
                judge: Judge, cancellation: cancellation);
            return [.. first.Episodes.Where(e => e.Last.Code is not null).Select(e => (e.Problem, e.Last.Code!.Program))];
        }
    }

    public ValueTask DisposeAsync() => sandbox.DisposeAsync();
}
