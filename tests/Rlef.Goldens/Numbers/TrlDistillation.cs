using Rlef.Objectives;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Goldens.Numbers;

/// <summary>TRL's self-distillation, down to the student's logits. There the mean over rows counts those without tokens.</summary>
static class TrlDistillation
{
    public static void Compare(NumberRow row, Comparison c)
    {
        using var scope = NewDisposeScope();
        var (mask, targets) = (row.Matrix("loss_mask"), row.Matrix("completion_ids"));
        var rows = new TokenRows(mask);
        var (student, teacher) = (new LogitRows(row.Cube("student_logits"), targets), new LogitRows(row.Cube("teacher_logits"), targets));
        var mode = row.Text("distillation_mode");
        var distillation = new SelfDistillation
        {
            Alpha = row.Number("distillation_alpha"),
            TopK = mode == "topk_logits" ? (int)row.Number("distillation_topk") : null,
            Tail = row.Flag("distillation_add_tail"),
            Sampled = mode == "sampled_token",
            Cap = row.NumberOrNull("distillation_is_clip"),
        };
        var valid = student.Pick(mask);
        // There and here 1 less the chosen probabilities is bounded from below, each its own way: neither is exact where hardly anything is left.
        if (distillation is { TopK: { } k, Tail: true } && new[] { student, teacher }.Any(of => Left(LogProbs(of), LogProbs(student).topk(k, -1).indexes) < 1e-5))
            throw new NotOfferedException($"{row.Function} with a tail below 1e-5");
        var old = rows.Constant(row.Has("old_log_probs") ? row.Matrix("old_log_probs") : mask);
        var losses = distillation.Losses(LogProbs(student), LogProbs(teacher).detach(), student.Targets.index_select(0, valid), old);
        var loss = (losses * rows.Weights(Aggregation.SequenceMean.Weights(rows.Counts, rows.Columns))).sum();
        loss.backward();
        double[] theirs = [.. NumberRow.Cube(row.Outputs.GetProperty("grad_student_logits")).SelectMany(r => r).SelectMany(r => r)], ours = student.Leaf.grad!.data<double>().ToArray();
        var spoken = rows.Counts.Count(n => n > 0);
        if (spoken == rows.Rows)
        {
            c.Same("loss", row.Output("loss"), loss.item<double>());
            c.Same("grad_student_logits", theirs, ours);
            return;
        }
        var scale = rows.Rows / (double)spoken;
        c.Instead(Kinds.EmptyRow, "loss", row.Output("loss"), row.Output("loss") * scale, loss.item<double>());
        c.Instead(Kinds.EmptyRow, "grad_student_logits", theirs, [.. theirs.Select(g => g * scale)], ours);

        double Left(Tensor logProbs, Tensor chosen) => (-logProbs.exp().gather(-1, chosen).sum(-1)).Add(1).min().item<double>();
        Tensor LogProbs(LogitRows of) => nn.functional.log_softmax(of.Leaf, -1).index_select(0, valid);
    }
}
