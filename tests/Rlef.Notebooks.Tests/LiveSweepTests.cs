using Rlef.Experiments;
using Rlef.Learning;

namespace Rlef.Notebooks.Tests;

public sealed class LiveSweepTests
{
    private static readonly Dictionary<string, double> Solved = new() { ["update"] = 0, ["solve_rate"] = 0.5, ["first_turn_pass_rate"] = 0.25 };

    private static SweepRunner.Progress Of(string arm, ulong seed, int place, Dictionary<string, double>? metrics = null) =>
        new(place - 1, 3, new(arm, "base", seed, TrainingConfig.Nano with { Updates = 2 }, "real", "rlef", "nano"), place, false, metrics);

    [Fact]
    public void A_sweep_is_shown_by_its_run_and_keeps_the_metrics_of_each_arms_runs()
    {
        List<object> shown = [];
        var live = new LiveSweep(shown.Add);
        live.Report(new(0, 3, null, 0, false, null));
        live.Report(Of("RLEF", 1, 1));
        live.Report(Of("RLEF", 1, 1, Solved));
        live.Report(Of("RLEF", 2, 2));
        live.Report(Of("single turn", 1, 3));
        live.Report(Of("single turn", 1, 3, Solved));
        live.Report(Of("single turn", 1, 3, new(Solved) { ["update"] = 1 }));

        Assert.Equal("scoring the base policy", shown[0]);
        Assert.Equal("run 1 of 3 (RLEF, base, seed 1)", shown[1]);
        Assert.Equal("run 1 of 3 (RLEF, base, seed 1): update 1 of 2, solved 50 %, first turn 25 %", Assert.IsType<LiveCurves>(shown[2]).ToPlainText());
        Assert.Equal("run 3 of 3 (single turn, base, seed 1): update 2 of 2, solved 50 %, first turn 25 %", Assert.IsType<LiveCurves>(shown[^1]).ToPlainText());
        Assert.Equal([1, 0], live.MetricsOf("RLEF").Select(run => run.Count));
        Assert.Equal([0, 1], Assert.Single(live.MetricsOf("single turn")).Select(m => m["update"]));
    }
}
