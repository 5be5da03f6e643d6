using Rlef.Experience;

namespace Rlef.Advantages;

/// <summary>What the estimators that compare answers to one prompt have in common.</summary>
static class Groups
{
    /// <summary>Whether no sequence was paid more or less than the others of its group.</summary>
    public static bool AreFlat(IEnumerable<TrainingSequence> batch) => batch.GroupBy(s => s.Group).All(g => Moments.AreEqual([.. g.Select(s => s.Reward)]));

    /// <summary>Gives all tokens of a sequence the advantage that its pay has among the group's.</summary>
    /// <param name="compare">Pay of the group's sequences → advantages, in the same order.</param>
    public static void Compare(IEnumerable<TrainingSequence> batch, Func<double[], double[]> compare)
    {
        foreach (var group in batch.GroupBy(s => s.Group))
        {
            var members = group.ToList();
            var advantages = compare([.. members.Select(s => s.Pay)]);
            for (var i = 0; i < members.Count; i++)
                Array.Fill(members[i].Advantages, advantages[i]);
        }
    }
}
