using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Advantages;
using Rlef.Curricula;
using Rlef.Experience;
using Rlef.Learning;
using Rlef.Objectives;

namespace Rlef.Core.Tests.Learning;

/// <summary>Settings that are given over others.</summary>
public sealed class TrainingConfigTests
{
    static TrainingConfig With(string json, TrainingConfig? config = null) => (config ?? TrainingConfig.Nano).With(JsonNode.Parse(json)!.AsObject());

    [Fact]
    public void Settings_within_a_setting_are_named_with_a_dot_or_nested()
    {
        var expected = TrainingConfig.Nano with { Kl = TrainingConfig.Nano.Kl with { Weight = 0.5, By = KlPenalty.Estimator.K2 } };
        Assert.Equal(expected, With("""{"kl.weight": 0.5, "kl.by": "k2"}"""));
        Assert.Equal(expected, With("""{"kl": {"weight": 0.5, "by": "k2"}}"""));
    }

    [Fact]
    public void Arms_are_named_have_settings_and_keep_those_that_are_not_given()
    {
        var config = With("""{"advantage": {"kind": "token", "lambda": 0.9}, "experience": "fifo", "curriculum.episodes": 3}""",
            TrainingConfig.Nano with { Curriculum = new SolvableProblems { Revisit = 7 } });
        Assert.Equal(new TokenAdvantage { Lambda = 0.9 }, config.Advantage);
        Assert.Equal(new FifoBuffer(), config.Experience);
        Assert.Equal(new SolvableProblems { Revisit = 7, Episodes = 3 }, config.Curriculum);
        Assert.Equal(new PpoObjective { ClipHigh = 0.28 }, With("""{"objective.clip_high": 0.28}""").Objective);
        Assert.Equal(new GrpoAdvantage(), With("""{"advantage": "grpo"}""", config).Advantage);
        Assert.Equal(new GrpoAdvantage { Epsilon = 0 }, With("""{"advantage.epsilon": 0, "advantage": "grpo"}""").Advantage);
    }

    [Theory]
    [InlineData("""{"learning_rates": 1}""", "there is no setting 'learning_rates'. Did you mean 'learning_rate'?")]
    [InlineData("""{"kl.wight": 1}""", "there is no setting 'kl.wight'. Did you mean 'kl.weight'?")]
    [InlineData("""{"critic": null}""", "the setting critic is null, where something is needed")]
    [InlineData("""{"advantage": null}""", "the setting advantage is null")]
    [InlineData("""{"schedule": "square"}""", "the setting schedule is one of constant, linear, cosine.")]
    [InlineData("""{"kl.in": "nowhere"}""", "the setting kl.in is one of reward, loss.")]
    [InlineData("""{"kl": {"wight": 1}}""", "there is no setting 'kl.wight'")]
    [InlineData("""{"objective.cliphigh": 1}""", "ppo has no setting 'cliphigh'. Did you mean 'clip_high'?")]
    [InlineData("""{"objective": "pppo"}""", "there is no pppo here: known are ppo, reinforce, supervised")]
    [InlineData("""{"kl.weight": -1}""", "kl.weight must be at least 0, not -1")]
    [InlineData("""{"temperature": 0}""", "temperature must be above 0")]
    [InlineData("""{"objective": {"kind": "supervised", "top_p": 0}}""", "objective.top_p must be above 0, not 0")]
    [InlineData("""{"objective": {"kind": "supervised", "top_p": 1.1}}""", "objective.top_p must be at least 0 and at most 1, not 1.1")]
    [InlineData("""{"objective.top_p": 0.9}""", "ppo has no setting 'top_p'")]
    [InlineData("""{"objective": {"kind": "supervised", "top_p": 0.9}, "distillation": {}}""", "objective.top_p")]
    [InlineData("""{"kl.target": 0}""", "kl.target must be above 0, not 0")]
    [InlineData("""{"kl.horizon": 0}""", "kl.horizon must be above 0, not 0")]
    [InlineData("""{"kl.target": 0.1, "experience": "offline"}""", "was all played before")]
    [InlineData("""{"kl.target": 0.1, "kl.weight": 0}""", "0 stays 0")]
    [InlineData("""{"kl": {"in": "loss", "per": "sum"}}""", "kl.per=sum")]
    [InlineData("""{"advantage": {"kind": "turn-index", "sites": "token"}}""", "turn-index has no setting 'sites'")]
    [InlineData("""{"curriculum": {"kind": "solvable", "revisit": 0}}""", "curriculum.revisit")]
    [InlineData("""{"experience": {"kind": "fifo", "capacity": 8, "draw": 9}}""", "experience.capacity")]
    [InlineData("""{"experience": {"kind": "offline", "size": 8, "draw": 9}}""", "experience.size")]
    [InlineData("""{"alternate_references": true}""", "references must be above 0, not 0")]
    [InlineData("""{"references": 8, "minibatches": 3, "alternate_references": true}""", "minibatches even, not 3")]
    [InlineData("""{"max_gradient_norm": 0}""", "max_gradient_norm must be above 0, not 0")]
    [InlineData("""{"max_gradient_norm": 1e39}""", "max_gradient_norm must be above 0 and at most 1E+18, not 1E+39")]
    [InlineData("""{"learning_rate": 1e38}""", "learning_rate must be at least 0 and at most 1E+18, not 1E+38")]
    [InlineData("""{"critic.learning_rate": 1e39}""", "critic.learning_rate must be at least 0 and at most 1E+18, not 1E+39")]
    [InlineData("""{"objective.cap": -1}""", "objective.cap must be above 0, not -1")]
    [InlineData("""{"objective.clip_low": -1}""", "objective.clip_low must be at least 0, not -1")]
    [InlineData("""{"objective.clip_high": -0.5}""", "objective.clip_high must be at least 0, not -0.5")]
    [InlineData("""{"objective.dual_clip": -2}""", "objective.dual_clip must be at least 1, not -2")]
    [InlineData("""{"objective": {"kind": "reinforce", "cap": 0}}""", "objective.cap must be above 0, not 0")]
    [InlineData("""{"advantage.gamma": -3}""", "advantage.gamma must be at least 0 and at most 1, not -3")]
    [InlineData("""{"advantage": {"kind": "token", "lambda": 1.5}}""", "advantage.lambda must be at least 0 and at most 1, not 1.5")]
    [InlineData("""{"advantage": {"kind": "reinforce++", "gamma": 2}}""", "advantage.gamma")]
    [InlineData("""{"advantage": {"kind": "grpo", "epsilon": -1}}""", "advantage.epsilon must be at least 0, not -1")]
    [InlineData("""{"distillation.top_k": 0}""", "distillation.top_k must be at least 1, not 0")]
    [InlineData("""{"distillation.alpha": 1.5}""", "distillation.alpha must be at least 0 and at most 1, not 1.5")]
    public void What_does_not_exist_or_cannot_be_is_named(string json, string words) => Assert.Contains(words, Assert.Throws<JsonException>(() => With(json)).Message);

    [Fact]
    public void What_a_recipe_holds_besides_is_passed_over() => Assert.Equal(TrainingConfig.Nano, With("""{"policy": "x", "problems": "y", "reward": "z"}"""));

    [Fact]
    public void Written_settings_are_the_same_when_read()
    {
        var config = TrainingConfig.Paper with
        {
            Advantage = new ReinforcePlusPlusAdvantage { GroupBaseline = true },
            Experience = new FifoBuffer { Capacity = 3, Draw = 2 },
            Objective = new ReinforceObjective { Cap = 2 },
            Kl = new() { Target = 0.1 },
            Aggregation = Aggregation.Sum,
        };
        Assert.Equal(config, With(config.ToJson()));
        Assert.DoesNotContain("compares_within_groups", config.ToJson());
    }
}
