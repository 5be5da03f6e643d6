using System.Text.Json.Serialization;
using Rlef.Policy;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Objectives;

/// <summary>
/// Self-distillation from feedback (SDPO: Hübotter et al. 2026, arXiv 2601.20802): the policy that has been told what its answer led to is the teacher of the
/// policy that answers, token by token of that answer. A term of the loss beside the objective's; where the advantage is flat it is the whole loss.
/// </summary>
/// <remarks>
/// With s the student's distribution at a token, t the teacher's, m = (1−α)s + αt: KL(t‖s) for α = 0, KL(s‖t) for α = 1, and between α·KL(t‖m) + (1−α)·KL(s‖m).
/// Deviations: unless <see cref="Solutions"/> is set the teacher is told what the public tests said of its answer and nothing else, so that an answer that fails the private
/// tests alone has no teacher; answers that solve the problem have none; the teacher is the policy as it is, without gradient, instead of a moving average; and it is told in
/// the form of the dialogue, after its own answer (<see cref="Experience.Hindsight"/>), instead of within the prompt. It hears what the public tests really said, whatever
/// feedback the dialogue gives.
/// </remarks>
public sealed record SelfDistillation
{
    /// <summary>In the loss.</summary>
    public double Weight { get; init; } = 1;

    public double Alpha { get; init; } = 0.5;

    /// <summary>Tokens of the vocabulary that are compared, the student's most likely ones; null for all.</summary>
    public int? TopK { get; init; }

    /// <summary>Whether the rest of the vocabulary is compared as one token more; otherwise the chosen ones are made to sum to 1.</summary>
    public bool Tail { get; init; } = true;

    /// <summary>Only the token that was said is compared: sg[log s − log t] · log s, whose gradient is that of KL(s‖t) in expectation.</summary>
    public bool Sampled { get; init; }

    /// <summary>
    /// Whether the teacher sees a program that solves the problem too, as the paper's does: of another dialogue of the same round, where one ended so. For several
    /// <see cref="Learning.TrainingConfig.SamplesPerProblem"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Solutions { get; init; }

    /// <summary>Largest importance weight sg[s/s_old] of a token; null for none.</summary>
    public double? Cap { get; init; } = 2;

    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    public void Check()
    {
        Setting.AtLeast("distillation.weight", Weight, 0);
        Setting.AtLeast("distillation.alpha", Alpha, 0, 1);
        Setting.AtLeast("distillation.top_k", TopK, 1);
        Setting.Above("distillation.cap", Cap, 0);
    }

    /// <summary>[N] losses.</summary>
    /// <param name="student">[N, V] log-probabilities.</param>
    /// <param name="teacher">[N, V] the same, without gradient.</param>
    /// <param name="tokens">[N] what was said.</param>
    /// <param name="old">[N] log-probability of that at the start of the update.</param>
    public Tensor Losses(Tensor student, Tensor teacher, Tensor tokens, Tensor old)
    {
        var said = Of(student, tokens);
        var losses = Sampled ? (said - Of(teacher, tokens)).detach() * said : Divergence(student, teacher);
        return Cap is { } cap ? losses * PpoObjective.LogRatio(said.detach() - old).exp().ClampMax(cap) : losses;
    }

    Tensor Divergence(Tensor student, Tensor teacher)
    {
        var (s, t) = TopK is { } k && k < student.shape[^1] ? Chosen(student, teacher, k) : (student, teacher);
        if (Alpha == 0)
            return Kl(t, s);
        if (Alpha == 1)
            return Kl(s, t);
        var mixture = logaddexp(s.Add(Math.Log(1 - Alpha)), t.Add(Math.Log(Alpha)));
        return Kl(t, mixture).Mul(Alpha).Add(Kl(s, mixture).Mul(1 - Alpha));
    }

    (Tensor Student, Tensor Teacher) Chosen(Tensor student, Tensor teacher, int k)
    {
        var (s, index) = student.topk(k, -1);
        var t = teacher.gather(-1, index);
        return Tail ? (cat([s, Rest(student, index)], -1), cat([t, Rest(teacher, index)], -1)) : (nn.functional.log_softmax(s, -1), nn.functional.log_softmax(t, -1));
    }

    // Log of the probability of all others: what the chosen ones leave of 1 would be lost in rounding where it is little.
    static Tensor Rest(Tensor all, Tensor chosen) => all.scatter(-1, chosen, Arithmetic.Full(chosen.shape, double.NegativeInfinity, all.dtype, all.device)).logsumexp(-1, keepdim: true);

    static Tensor Kl(Tensor p, Tensor q) => (p.exp() * (p - q)).sum(-1);

    static Tensor Of(Tensor logProbs, Tensor tokens) => logProbs.gather(-1, tokens.unsqueeze(-1)).squeeze(-1);
}
