using Rlef.Evaluation.Samples;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Goldens;
using Rlef.Goldens.Numbers;

var folder = Environment.GetEnvironmentVariable("RLEF_GOLDENS") is { Length: > 0 } named ? named : SharedData.File("goldens");
if (!Directory.Exists(folder))
{
    Console.Error.WriteLine($"{folder} is no folder: golden values lie beside the checkout, in ../shared/data/goldens, or where RLEF_GOLDENS says.");
    return 2;
}
await using var sandbox = await LocalSandbox.StartAsync();
IGoldenFile[] files =
[
    .. TextPairs.All, .. ValuePairs.All(sandbox), .. Programs.All(sandbox), .. Samples.All(sandbox), .. Rltf.Rewards(sandbox), .. NumberFile.All,
];
var (passed, failed, notOffered) = (0, 0, 0);
foreach (var group in files.GroupBy(f => f.Name))
{
    var path = Path.Combine(folder, group.Key);
    if (new[] { path }.Concat(group.SelectMany(f => f.Needs)).FirstOrDefault(p => !Path.Exists(p)) is { } missing)
    {
        Console.WriteLine($"{group.Key}: skipped, {missing} is not there");
        continue;
    }
    var tally = new Tally(group.Key);
    var rows = await GoldenRows.ReadAsync(path, CancellationToken.None);
    foreach (var file in group)
        tally.Add(file.Departures, await file.RunAsync(rows, CancellationToken.None));
    tally.Print();
    passed += tally.Agree + tally.Departed;
    failed += tally.Differ;
    notOffered += tally.NotOffered;
}
if (notOffered > 0)
    Console.WriteLine($"{notOffered} rows ask for what is not offered, and are neither passed nor failed");
Console.WriteLine($"{passed} passed, {failed} failed");
return failed == 0 && passed > 0 ? 0 : 1;
