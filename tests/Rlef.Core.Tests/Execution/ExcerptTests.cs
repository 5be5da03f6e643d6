using Rlef.Execution;

namespace Rlef.Core.Tests.Execution;

public sealed class ExcerptTests
{
    [Theory]
    [InlineData("abcdef", 6, 0, "abcdef")]
    [InlineData("abcdef", 3, 0, "abc…")]
    [InlineData("abcdef", 3, 3, "…cde…")]
    [InlineData("abcdef", 3, int.MaxValue, "…def")]
    [InlineData("ab🙂ef", 3, 0, "ab…")]
    [InlineData("ab🙂ef", 3, int.MaxValue, "…ef")]
    [InlineData("", 3, 2, "")]
    public void A_part_around_the_place_is_kept_and_no_character_is_parted(string text, int most, int around, string expected) =>
        Assert.Equal(expected, Excerpt.Of(text, most, around));
}
