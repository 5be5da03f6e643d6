using System.Globalization;

namespace Rlef.Learning;

/// <summary>How a run goes, in words: the update, the time that is left and the figures to watch.</summary>
/// <param name="updates">Of the whole run.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class RunProgress(int updates, TimeProvider? time = null)
{
    /// <summary>What comes within this time of what came before was not computed but read: the past of a run that goes on.</summary>
    public static readonly TimeSpan Read = TimeSpan.FromSeconds(0.2);

    readonly TimeProvider clock = time ?? TimeProvider.System;
    long last = (time ?? TimeProvider.System).GetTimestamp();
    TimeSpan pace;

    /// <summary>Hears of every update, in order.</summary>
    /// <returns>Such as <c>update 3 of 60, 4 min left</c>.</returns>
    public string Tell(IReadOnlyDictionary<string, double> metrics)
    {
        var now = clock.GetTimestamp();
        var took = clock.GetElapsedTime(last, now);
        last = now;
        // Before what was read nothing was computed either: the policy and its checkpoint were loaded.
        pace = took <= Read ? TimeSpan.Zero : pace == TimeSpan.Zero ? took : 0.8 * pace + 0.2 * took;
        var update = (int)metrics["update"] + 1;
        return $"update {update} of {updates}" + (update < updates && pace > TimeSpan.Zero ? $", {Left(pace * (updates - update))} left" : "");
    }

    static readonly (string Metric, string Format)[] Watched =
    [
        ("solve_rate", "solved {0:P0}"), ("first_turn_pass_rate", "first turn {0:P0}"), ("reward", "reward {0:F2}"), ("kl", "KL {0:F3}"), ("entropy", "entropy {0:F2}"),
        ("explained_variance", "EV {0:F2}"), ("generation_tokens_per_second", "{0:N0} tokens/s"), ("executions_per_second", "{0:N0} tests/s"),
    ];

    static readonly (string Metric, string Format)[] Unplayed = [("policy_loss", "loss {0:G3}")];

    /// <summary>An update's figures in a few words. An update that plays nothing has no solve rate, for instance, and one of references alone nothing but its loss.</summary>
    public static string Line(IReadOnlyDictionary<string, double> metrics) => string.Join(", ", (Watched.Any(w => metrics.ContainsKey(w.Metric)) ? Watched : Unplayed)
        .Where(w => metrics.ContainsKey(w.Metric))
        .Select(w => string.Format(CultureInfo.InvariantCulture, w.Format, metrics[w.Metric])));

    /// <summary>A time to come, such as <c>3 min</c>.</summary>
    public static string Left(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:F1} h")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):F0} min");
}
