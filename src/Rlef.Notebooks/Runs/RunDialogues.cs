using System.Text;
using Rlef.Learning;

namespace Rlef.Notebooks;

/// <summary>The sampled dialogues of a run, folded by update, the latest first.</summary>
internal static class RunDialogues
{
    /// <param name="most">Updates that are shown, evenly spread over those that have dialogues; the first and the last are among them.</param>
    /// <returns>Null if the run kept no dialogue.</returns>
    public static string? Html(ShownRun run, int most)
    {
        List<int> updates = [.. run.Folder.ReadTranscripts().Select(transcript => transcript.Update).Distinct().Order()];
        if (updates.Count == 0) return null;
        var shown = Spread(updates, most).ToHashSet();
        var html = new StringBuilder();
        if (shown.Count < updates.Count)
            html.Append($"<p>{shown.Count} of {updates.Count} updates with dialogues, evenly spread; episodes.jsonl in the run's folder has all.</p>");
        foreach (var update in run.Folder.ReadTranscripts().Where(transcript => shown.Contains(transcript.Update)).GroupBy(transcript => transcript.Update).OrderByDescending(update => update.Key))
        {
            var solved = update.Count(transcript => transcript.Solved);
            html.Append($"<details class=\"dialogues\"><summary>Update {update.Key + 1}: {update.Count()} dialogues, {solved} solved</summary>");
            foreach (var transcript in update) html.Append($"<div class=\"rich\">{transcript.ToView().ToHtml()}</div>");
            html.Append("</details>");
        }
        return html.ToString();
    }

    private static IEnumerable<int> Spread(IReadOnlyList<int> updates, int most) => updates.Count <= most ? updates
        : Enumerable.Range(0, most).Select(i => updates[(int)Math.Round(i * (updates.Count - 1) / (double)Math.Max(1, most - 1))]);
}
