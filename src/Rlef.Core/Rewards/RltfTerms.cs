using System.Globalization;

namespace Rlef.Rewards;

/// <summary>What <see cref="RltfReward"/> pays; the paper's values unless set.</summary>
public sealed record RltfTerms
{
    const double PaperPenalty = -0.3;

    public RltfFeedback Feedback { get; init; } = RltfFeedback.All;

    /// <summary>R_fine, paid on each token at fault: not above 0. The paper tried 0 to −0.5 (table 6).</summary>
    public double FinePenalty { get; init; } = PaperPenalty;

    /// <summary>Whether it is scaled by α = T / (E − S), as the paper says; otherwise α is 1, which the released code's comes to.</summary>
    public bool FineAlpha { get; init; } = true;

    /// <summary>Names the terms, other values than the paper's included.</summary>
    internal string Name
    {
        get
        {
            List<string> words = [Feedback == RltfFeedback.All ? "rltf" : Feedback.ToString().ToLowerInvariant().Replace(", ", "+")];
            if (Feedback.HasFlag(RltfFeedback.Fine) && FinePenalty != PaperPenalty)
                words.Add(FinePenalty.ToString(CultureInfo.InvariantCulture));
            if (Feedback.HasFlag(RltfFeedback.Fine) && !FineAlpha)
                words.Add("alpha 1");
            return string.Join(", ", words);
        }
    }

    /// <exception cref="ArgumentException">Nothing is paid, or the penalty is none.</exception>
    internal RltfTerms Checked() => (Feedback & RltfFeedback.All) == 0 || (Feedback & ~RltfFeedback.All) != 0
        ? throw new ArgumentException($"RLTF's feedback is coarse, fine, adaptive or several of them, not {Feedback}.")
        : FinePenalty is > double.NegativeInfinity and <= 0 ? this
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The penalty of fine feedback is a number from 0 downwards, such as -0.3, not {FinePenalty}."));
}
