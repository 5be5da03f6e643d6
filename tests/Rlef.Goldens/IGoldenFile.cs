using System.Text.Json;

namespace Rlef.Goldens;

/// <summary>A file of golden values, and how ours are got for its rows.</summary>
interface IGoldenFile
{
    /// <summary>Its name in the folder.</summary>
    string Name { get; }

    /// <summary>Where we part from it on purpose; the first kind that holds counts.</summary>
    IReadOnlyList<Departure> Departures { get; }

    /// <summary>Other data that the rows speak of, which must be there too.</summary>
    IReadOnlyList<string> Needs { get; }

    Task<IReadOnlyList<GoldenCase>> RunAsync(IReadOnlyList<JsonElement> rows, CancellationToken cancellation);
}
