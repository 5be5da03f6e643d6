using System.Text.Json.Nodes;
using Rlef.Experience;
using Rlef.Randomness;
using static Rlef.Core.Tests.Sequences;

namespace Rlef.Core.Tests.Experience;

public sealed class ExperienceTests
{
    static List<TrainingSequence> Round(int first, int count) => [.. Enumerable.Range(first, count).Select(i => Paid($"p{i}", i))];

    static IEnumerable<string> Groups(IEnumerable<TrainingSequence> sequences) => sequences.Select(s => s.Group);

    [Fact]
    public void On_policy_learns_from_what_was_just_played_and_keeps_nothing()
    {
        var (arm, memory, fresh) = (new OnPolicy(), new RunMemory(), Round(0, 3));
        Assert.True(arm.WantsMore(memory, 0));
        Assert.False(arm.WantsMore(memory, 1));
        arm.Remember(memory, fresh);
        Assert.Same(fresh, arm.Recall(memory, fresh, RandomStream.For(1)));
        Assert.Empty(memory.Buffer);
    }

    [Fact]
    public void The_buffer_fills_before_the_first_update_and_then_drives_out_the_oldest()
    {
        var (arm, memory) = (new FifoBuffer { Capacity = 5, Draw = 3 }, new RunMemory());
        var rounds = 0;
        for (; arm.WantsMore(memory, rounds); rounds++)
            arm.Remember(memory, Round(2 * rounds, 2));
        Assert.Equal(3, rounds);
        Assert.Equal(["p1", "p2", "p3", "p4", "p5"], Groups(memory.Buffer));
        // Full: one round an update.
        Assert.True(arm.WantsMore(memory, 0));
        Assert.False(arm.WantsMore(memory, 1));
        arm.Remember(memory, Round(6, 2));
        Assert.Equal(["p3", "p4", "p5", "p6", "p7"], Groups(memory.Buffer));
    }

    [Fact]
    public void An_update_draws_from_the_whole_buffer_none_twice_and_the_same_for_the_same_key()
    {
        var (arm, memory) = (new FifoBuffer { Capacity = 20, Draw = 8 }, new RunMemory());
        arm.Remember(memory, Round(0, 20));
        var drawn = Enumerable.Range(0, 40).Select(update => Groups(arm.Recall(memory, [], RandomStream.For(7, update))).ToList()).ToList();
        Assert.All(drawn, groups => Assert.Equal(8, groups.Distinct().Count()));
        Assert.Equal(20, drawn.SelectMany(g => g).Distinct().Count());
        Assert.Equal(drawn[3], Groups(arm.Recall(memory, [], RandomStream.For(7, 3))));
        Assert.Equal(2, (arm with { Draw = 9 }).Recall(new RunMemory { Buffer = Round(0, 2) }, [], RandomStream.For(1)).Count);
    }

    [Fact]
    public void Offline_experience_is_played_once()
    {
        var (arm, memory) = (new OfflineExperience { Size = 5, Draw = 2 }, new RunMemory());
        var rounds = 0;
        for (; arm.WantsMore(memory, rounds); rounds++)
            arm.Remember(memory, Round(2 * rounds, 2));
        Assert.Equal(3, rounds);
        Assert.Equal(["p0", "p1", "p2", "p3", "p4"], Groups(memory.Buffer));
        for (var update = 0; update < 3; update++)
        {
            Assert.False(arm.WantsMore(memory, 0));
            Assert.Equal(2, arm.Recall(memory, [], RandomStream.For(1, update)).Count);
        }
    }

    [Fact]
    public void A_run_s_memory_survives_its_file()
    {
        var memory = new RunMemory { Rounds = 4, Place = 1L << 40, KlWeight = 0.07, Reward = new JsonObject { ["seen"] = 3 } };
        memory.Observe([("p", true, 0.5), ("p", false, -1), ("q", false, -0.2)]);
        var kept = new TrainingSequence("p", [9, 8, 7, 6], [1, 2], [0, 2], [-0.1, -0.123456789012345], [1, 0.5, -1], [0.25, 0]) { BestBefore = -0.3, Hindsights = [new([9, 8, 7, 6, 5], 1, 2)] };
        memory.Buffer.Add(kept);
        memory.Buffer.Add(Of("q", [], [2]));
        var read = RunMemory.FromJson(memory.ToJson());
        Assert.Equal(memory.ToJson(), read.ToJson());
        Assert.Equal((4, 1L << 40, 0.07), (read.Rounds, read.Place, read.KlWeight));
        Assert.Equal("{\"seen\":3}", read.Reward!.ToJsonString());
        Assert.Equal(new RunMemory.ProblemRecord(2, 1, 0.5), read.Problems["p"]);
        Assert.Equal(-0.2, read.Problems["q"].Best);
        var again = read.Buffer[0];
        Assert.Equal(kept.Ids, again.Ids);
        Assert.Equal(kept.Behaviour, again.Behaviour);
        Assert.Equal(kept.Spans, again.Spans);
        Assert.Equal(-0.3, again.BestBefore);
        var hindsight = Assert.Single(again.Hindsights);
        Assert.Equal([9, 8, 7, 6, 5], hindsight.Ids);
        Assert.Equal((1, 2), (hindsight.Turn, hindsight.Shift));
        Assert.Equal(kept.TurnPay, again.TurnPay);
        Assert.Equal((kept.Pay, 2), (again.Pay, read.Buffer[1].Pay));
        Assert.Null(RunMemory.FromJson(new RunMemory().ToJson()).KlWeight);
    }
}
