using System.Collections;

namespace Rlef.Evaluation;

/// <summary>One number for each problem of a set, from one policy.</summary>
public sealed class Scores : IReadOnlyList<double>
{
    readonly IReadOnlyList<(string Problem, string Cluster, double Score)> items;

    /// <param name="items">Problems of one cluster have so much in common that they are no independent draws.</param>
    public Scores(IEnumerable<(string Problem, string Cluster, double Score)> items) => this.items = [.. items];

    /// <summary>Problems that have nothing in common.</summary>
    public static Scores Of(IEnumerable<double> scores) => new(scores.Select((s, i) => ($"{i}", $"{i}", s)));

    public int Count => items.Count;
    public double this[int index] => items[index].Score;
    public IReadOnlyList<string> Problems => [.. items.Select(i => i.Problem)];

    /// <summary>A problem's score; not a number if it has none.</summary>
    public double Of(string problem) => items.Where(i => i.Problem == problem).Select(i => i.Score).FirstOrDefault(double.NaN);

    /// <summary>The problems of each cluster, as indices.</summary>
    public IEnumerable<IReadOnlyList<int>> Clusters => items.Select((item, i) => (item.Cluster, i)).GroupBy(x => x.Cluster, x => x.i).Select(g => g.ToList());

    /// <summary>These less those, for the problems that both have.</summary>
    public Scores Minus(Scores other)
    {
        var others = other.items.ToDictionary(i => i.Problem, i => i.Score);
        return new(items.Where(i => others.ContainsKey(i.Problem)).Select(i => (i.Problem, i.Cluster, i.Score - others[i.Problem])));
    }

    /// <summary>Those of the problems that all have, in the order of the first.</summary>
    public static IReadOnlyList<Scores> Common(IReadOnlyList<Scores> all)
    {
        if (all.Count == 0 || all.All(s => s.Problems.SequenceEqual(all[0].Problems)))
            return all;
        var everywhere = all.Select(s => s.Problems.ToHashSet()).Aggregate((common, own) => [.. common.Intersect(own)]);
        return [.. all.Select(s => s.items.ToDictionary(i => i.Problem)).Select(own => new Scores(all[0].Problems.Where(everywhere.Contains).Select(p => own[p])))];
    }

    public IEnumerator<double> GetEnumerator() => items.Select(i => i.Score).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
