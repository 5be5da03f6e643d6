using Rlef.Advantages;
using static Rlef.Core.Tests.Sequences;

namespace Rlef.Core.Tests.Advantages;

public sealed class GaeTests
{
    [Fact]
    public void Errors_of_the_value_are_summed_with_less_and_less_weight() =>
        // δ = (1 + 0.5·4 − 2, 0 + 0.5·0 − 4, 8 − 0) = (1, −4, 8); A₂ = 8, A₁ = −4 + 0.25·8, A₀ = 1 + 0.25·(−2).
        Near([0.5, -2, 8], Gae.Of([1, 0, 8], [2, 4, 0], gamma: 0.5, lambda: 0.5));

    [Fact]
    public void Without_discount_it_is_the_return_less_the_value() => Near([3 - 1, 2 - 5, 4 - 7], Gae.Of([1, -2, 4], [1, 5, 7], 1, 1));

    [Fact]
    public void With_lambda_0_it_is_one_step_s_error() => Near([1 + 5 - 1, -2 + 7 - 5, 4 - 7], Gae.Of([1, -2, 4], [1, 5, 7], 1, 0));

    [Fact]
    public void Returns_are_discounted() => Near([1 + 0.5 * 2, 2, 4], Gae.Returns([1, 0, 4], 0.5));

    [Fact]
    public void Of_nothing_there_is_nothing() => Assert.Empty(Gae.Of([], [], 1, 1));
}
