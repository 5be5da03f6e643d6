using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Dialogue;
using Rlef.Policy;
using Rlef.Problems;

namespace Rlef.Learning;

/// <summary>
/// All that decides a run: its settings, and what it stands on. Kept as the run's <c>config.json</c>; its hash is the run's identity, so that a run is never
/// continued as another.
/// </summary>
/// <param name="Policy">Of what the run began with (<see cref="DigestOf(Transformer, ChatFormat)"/>), on which the reference policy and the frozen weights under adapters stand.</param>
/// <param name="Problems">Name of the problem set and SHA-256 of its problems, tests included.</param>
/// <param name="Feedback">The feedback arm, with a digest of what it draws from.</param>
/// <param name="Reward">The reward's name.</param>
/// <param name="PythonPackages">What programs may import beside the standard library, with versions; no part of the recipe where it is empty.</param>
public sealed record Recipe(TrainingConfig Config, string Policy, string Problems, DialogueWording Wording, string Feedback, string Reward, string PythonPackages)
{
    /// <summary>Names of what a recipe holds beside the settings.</summary>
    public static IReadOnlyList<string> Foundations { get; } = ["policy", "problems", "wording", "feedback", "reward", "python_packages"];

    /// <param name="policy">What the run begins with.</param>
    public static Recipe Of(TrainingConfig config, TrainingSetup setup, Transformer policy) =>
        Of(config, setup, DigestOf(policy, setup.Format));

    /// <summary>SHA-256 of a policy: its weights, its configuration, and its chat template and tokenizer.</summary>
    public static string DigestOf(Transformer policy, ChatFormat format) => Digest($"{DigestOf(policy)}\n{policy.Config.ToJson()}\n{format.Identity}");

    /// <summary>SHA-256 of a policy's weights alone.</summary>
    public static string DigestOf(Transformer policy) => Safetensors.Digest(policy.Parameters.Select(p => (p.Key, (TorchSharp.torch.Tensor)p.Value)));

    /// <summary>SHA-256 of a wording.</summary>
    public static string DigestOf(DialogueWording wording) => Digest(RecipeJson.Serialise(wording)!.ToJsonString());

    /// <summary><see cref="Problems"/> of a set.</summary>
    public static string NameOf(ProblemSet problems) => $"{problems.Name} ({problems.Count}) {ProblemFile.Digest(problems)}";

    /// <param name="policy">Digest of the policy that the run begins with.</param>
    public static Recipe Of(TrainingConfig config, TrainingSetup setup, string policy) => new(config, policy,
        NameOf(setup.Problems), setup.Wording, setup.Feedback.Identity, setup.Reward.Name,
        string.Join(", ", setup.PythonPackages));

    /// <summary>SHA-256 of <see cref="ToJson"/>.</summary>
    public string Hash => Digest(ToJson());

    static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The settings' own names first, then the <see cref="Foundations"/>.</summary>
    public string ToJson()
    {
        var json = JsonNode.Parse(Config.ToJson())!.AsObject();
        json["policy"] = Policy;
        json["problems"] = Problems;
        json["wording"] = RecipeJson.Serialise(Wording);
        json["feedback"] = Feedback;
        json["reward"] = Reward;
        if (PythonPackages.Length > 0)
            json["python_packages"] = PythonPackages;
        return json.ToJsonString(RecipeJson.Options) + "\n";
    }

    /// <summary>
    /// What keeps a run that was begun by another recipe from being continued by this one, in words; empty if nothing does. More updates are no other
    /// run, unless the learning rate had the end in view.
    /// </summary>
    /// <param name="begun">The other recipe's <see cref="ToJson"/>.</param>
    /// <exception cref="JsonException">The other is no recipe.</exception>
    public IReadOnlyList<string> DifferencesFrom(string begun) => [.. Differences(JsonNode.Parse(ToJson())!.AsObject(),
        JsonNode.Parse(begun) as JsonObject ?? throw new JsonException("a recipe is expected, as an object."), but: Config.Schedule == LearningRateSchedule.Constant ? "updates" : null)];

    /// <summary>What differs between two recipes, in words.</summary>
    /// <param name="but">Name of what may differ.</param>
    internal static IEnumerable<string> Differences(JsonObject here, JsonObject there, string? but = null) => here.Select(p => p.Key).Union(there.Select(p => p.Key))
        .Where(name => name != but && !JsonNode.DeepEquals(here[name], there[name]))
        .SelectMany(name => (here[name], there[name]) switch
        {
            // Another arm has settings of its own; a wording is long.
            (JsonObject own, JsonObject other) when name != "wording" && JsonNode.DeepEquals(own["kind"], other["kind"]) => Differences(own, other).Select(d => $"{name}.{d}"),
            (JsonObject own, JsonObject other) when own["kind"] is not null => [$"{name} {other["kind"]} instead of {own["kind"]}"],
            (JsonObject, _) or (_, JsonObject) => [$"another {name}"],
            var (own, other) => (IEnumerable<string>)[$"{name} {Short(other)} instead of {Short(own)}"],
        });

    /// <summary>Whether a recipe's <c>wording</c> is this one.</summary>
    public static bool IsWording(JsonNode recipes, DialogueWording wording) => JsonNode.DeepEquals(recipes, RecipeJson.Serialise(wording));

    // Digests are recognised by their beginning.
    static string Short(JsonNode? value) => value is null ? "not known" : string.Join(' ', value.ToString().Split(' ').Select(w => w.Length == 64 ? w[..12] : w));
}
