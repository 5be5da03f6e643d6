using System.Text.Json.Nodes;
using Rlef.Advantages;
using Rlef.Dialogue;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Objectives;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Rewards;

namespace Rlef.Core.Tests.Learning;

/// <summary>What makes one run another.</summary>
public sealed class RecipeTests(Sandboxes sandboxes)
{
    static readonly ProblemSet Problems = new("few", Laboratory.Nano("train").Take(3));

    TrainingSetup Setup(DialogueWording? wording = null) => new(Problems, sandboxes.Judge(), null!, wording ?? DialogueWording.Nano, new RealFeedback(DialogueWording.Nano), new RlefReward());

    Recipe Usual => Recipe.Of(TrainingConfig.Nano, Setup(), "abc");

    [Fact]
    public void A_recipe_is_itself() => Assert.Empty(Usual.DifferencesFrom(Usual.ToJson()));

    [Fact]
    public void Each_part_is_told_apart_by_name_and_by_hash()
    {
        var wording = DialogueWording.Nano;
        (string Name, Recipe Recipe)[] others =
        [
            ("learning_rate", Recipe.Of(TrainingConfig.Nano with { LearningRate = 1 }, Setup(), "abc")),
            ("kl.weight 0.2 instead of 0.05", Recipe.Of(TrainingConfig.Nano with { Kl = TrainingConfig.Nano.Kl with { Weight = 0.05 } }, Setup(), "abc")),
            ("objective ppo instead of reinforce", Recipe.Of(TrainingConfig.Nano with { Objective = new ReinforceObjective() }, Setup(), "abc")),
            ("another objective", Recipe.Of(TrainingConfig.Nano with { Objective = new PpoObjective { ClipLow = 0.1 } }, Setup(), "abc")),
            ("another distillation", Recipe.Of(TrainingConfig.Nano with { Distillation = new() }, Setup(), "abc")),
            ("policy", Recipe.Of(TrainingConfig.Nano, Setup(), "abd")),
            ("wording", Recipe.Of(TrainingConfig.Nano, Setup(wording with { TryAgain = "Again." }), "abc")),
            ("feedback", Recipe.Of(TrainingConfig.Nano, Setup() with { Feedback = new NoFeedback(wording) }, "abc")),
            ("reward", Recipe.Of(TrainingConfig.Nano, Setup() with { Reward = new RltfReward(RltfFeedback.Coarse, null!) }, "abc")),
            ("python_packages", Recipe.Of(TrainingConfig.Nano, Setup() with { PythonPackages = [new("numpy", "1.2")] }, "abc")),
            ("problems", Recipe.Of(TrainingConfig.Nano, Setup() with { Problems = new("few", Problems.Reverse()) }, "abc")),
            ("problems", Recipe.Of(TrainingConfig.Nano, Setup() with { Problems = new("few", Problems.Select((p, i) => i > 0 ? p : p with { PrivateTests = p.PublicTests })) }, "abc")),
        ];
        foreach (var (name, recipe) in others)
        {
            Assert.Contains(name, Assert.Single(recipe.DifferencesFrom(Usual.ToJson())));
            Assert.NotEqual(Usual.Hash, recipe.Hash);
        }
    }

    [Fact]
    public void A_policy_is_its_weights_its_configuration_and_its_chat_template()
    {
        using var policy = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));
        var folder = Directory.CreateTempSubdirectory("rlef-recipe-").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(Home.File("data", "nano", "base")))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            string Edited(string file, string text, string instead)
            {
                var (path, original) = (Path.Combine(folder, file), File.ReadAllText(Path.Combine(folder, file)));
                File.WriteAllText(path, original.Replace(text, instead, StringComparison.Ordinal));
                using var edited = PolicyCheckpoint.Load(folder);
                File.WriteAllText(path, original);
                Assert.Equal(Recipe.DigestOf(policy.Model), Recipe.DigestOf(edited.Model));
                return Recipe.DigestOf(edited.Model, new ChatFormat(edited.Files));
            }
            var own = Recipe.DigestOf(policy.Model, new ChatFormat(policy.Files));
            Assert.Equal(own, Edited("config.json", "10000", "10000"));
            Assert.NotEqual(own, Edited("config.json", "10000", "20000"));
            Assert.NotEqual(own, Edited("chat_template.jinja", "assistant", "user"));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public void More_updates_are_no_other_run_unless_the_rate_had_the_end_in_view()
    {
        var longer = TrainingConfig.Nano with { Updates = 99 };
        Assert.Empty(Recipe.Of(longer, Setup(), "abc").DifferencesFrom(Usual.ToJson()));
        Assert.NotEmpty(Recipe.Of(longer with { Schedule = LearningRateSchedule.Linear }, Setup(), "abc")
            .DifferencesFrom(Recipe.Of(TrainingConfig.Nano with { Schedule = LearningRateSchedule.Linear }, Setup(), "abc").ToJson()));
    }

    [Fact]
    public async Task The_pool_of_random_feedback_is_part_of_it()
    {
        var programs = Problems.Select(p => (p, "print(1)")).ToList();
        async Task<string> Identity(IReadOnlyCollection<(Problem, string)> pool) => (await RandomFeedback.BuildAsync(DialogueWording.Nano, sandboxes.Judge(), pool)).Identity;
        var (all, again, fewer) = (await Identity(programs), await Identity(programs), await Identity(programs[..2]));
        Assert.StartsWith("random ", all);
        Assert.Equal(all, again);
        Assert.NotEqual(all, fewer);
        // What programs print may differ from time to time.
        List<(Problem, string)> drawn = [.. Problems.Select(p => (p, "print(object(), __import__('os').urandom(8))"))];
        Assert.Equal(await Identity(drawn), await Identity(drawn));
    }

    [Fact]
    public void A_run_s_own_file_gives_its_settings_again()
    {
        var path = Path.GetTempFileName();
        var config = TrainingConfig.Nano with { Updates = 7, Kl = new() { Weight = 0.5 }, Advantage = new TokenAdvantage { Lambda = 0.95 } };
        File.WriteAllText(path, Recipe.Of(config, Setup(), "abc").ToJson());
        Assert.Equal(config, TrainingConfig.Nano.With(JsonNode.Parse(File.ReadAllText(path))!.AsObject()));
        Assert.True(Recipe.IsWording(JsonNode.Parse(File.ReadAllText(path))!["wording"]!, DialogueWording.Nano));
        Assert.False(Recipe.IsWording(JsonNode.Parse(File.ReadAllText(path))!["wording"]!, DialogueWording.CodeContests));
        File.Delete(path);
    }
}
