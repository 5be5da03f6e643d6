using System.Text.Json;
using Rlef.Advantages;
using Rlef.Core.Tests.Learning;
using Rlef.Learning;
using Rlef.Storage;

namespace Rlef.Core.Tests.Storage;

public sealed class ArmTests
{
    static IAdvantage Parse(string text) => Arm<IAdvantage>.Parse(text, RecipeJson.Options);

    static string Written(IAdvantage arm) => JsonSerializer.Serialize(arm, RecipeJson.Options).Replace("\n", "").Replace(" ", "");

    [Fact]
    public void Usual_settings_are_a_name_and_others_an_object()
    {
        Assert.Equal("\"grpo\"", Written(new GrpoAdvantage()));
        Assert.Equal("{\"kind\":\"token\",\"lambda\":0.95}", Written(new TokenAdvantage { Lambda = 0.95 }));
        Assert.Equal("{\"kind\":\"turn-index\",\"against\":\"return\"}", Written(new TurnIndexAdvantage { Against = TurnIndexAdvantage.Baseline.Return }));
    }

    [Fact]
    public void What_is_written_is_read()
    {
        Assert.Equal(new RlooAdvantage(), Parse("rloo"));
        Assert.Equal(new RlooAdvantage { Normalised = true }, Parse(" {\"kind\": \"rloo\", \"normalised\": true}"));
        foreach (var name in Arm<IAdvantage>.Names)
        {
            var arm = Parse(name);
            Assert.Equal(name, Arm<IAdvantage>.NameOf(arm));
            Assert.Equal(arm, JsonSerializer.Deserialize<IAdvantage>(Written(arm), RecipeJson.Options));
        }
    }

    [Fact]
    public void Unknown_names_and_settings_are_told_with_the_known_ones()
    {
        var kind = Assert.Throws<JsonException>(() => Parse("gripo"));
        Assert.Equal($"there is no gripo here: known are {string.Join(", ", Arm<IAdvantage>.Names)}.", kind.Message);
        Assert.Equal("rloo has no setting 'epsilon'.", Assert.Throws<JsonException>(() => Parse("{\"kind\": \"rloo\", \"epsilon\": 1}")).Message);
        Assert.Equal($"an object needs a 'kind': known are {string.Join(", ", Arm<IAdvantage>.Names)}.", Assert.Throws<JsonException>(() => Parse("{\"epsilon\": 1}")).Message);
    }

    [Fact]
    public void An_arm_that_the_list_does_not_name_is_written_by_its_type() => Assert.Equal("\"MedianAdvantage\"", Written(new MedianAdvantage()));
}
