namespace Rlef.Goldens.Numbers;

/// <summary>Kinds of rows where our numbers are others on purpose. docs/formats.md gives the reasons.</summary>
static class Kinds
{
    public const string
        NoToken = "no token that counts",
        EmptyRow = "a dialogue without tokens is none in the mean",
        Alone = "a group of one",
        Equal = "equal rewards in 32 bits",
        Steps = "tokens that do not count are no steps",
        Unreached = "a turn that no other dialogue reached",
        Compared = "the penalty is part of what is compared",
        LargeRatio = "log-ratios are cut at 20",
        LargeKl = "the estimate of the KL is not cut at 10",
        Entropy = "the entropy is averaged as the loss is",
        NotANumber = "a log-probability that is no number",
        NegativeWeight = "a negative weight is refused";

    public static IReadOnlyList<string> All { get; } =
        [NoToken, EmptyRow, Alone, Equal, Steps, Unreached, Compared, LargeRatio, LargeKl, Entropy, NotANumber, NegativeWeight];
}
