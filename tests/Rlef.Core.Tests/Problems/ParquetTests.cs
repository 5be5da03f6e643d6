using DuckDB.NET.Data;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Problems.Formats;

namespace Rlef.Core.Tests.Problems;

/// <summary>Parquet files in the layouts of the Hugging Face hub, written here by DuckDB, against the JSONL of the same rows.</summary>
public sealed class ParquetTests : IDisposable
{
    readonly Sandboxes sandboxes;
    readonly string folder;

    // As the hub stores it: sequences of records are structs of lists, class labels are integers.
    const string CodeContests = """
        SELECT i || '_A' AS name, 'Double.' AS description,
            {'input': [i || chr(10), '2'], 'output': [(2 * i) || chr(10), '4']} AS public_tests,
            {'input': ['3' || chr(10)], 'output': ['6']} AS private_tests,
            {'input': CAST([] AS VARCHAR[]), 'output': CAST([] AS VARCHAR[])} AS generated_tests,
            2::BIGINT AS source, 7::BIGINT AS difficulty,
            {'language': [2::BIGINT, 3], 'solution': ['int main(){}', 'print(2*int(input()))']} AS solutions,
            {'language': [3::BIGINT], 'solution': ['print("ä\\")']} AS incorrect_solutions,
            ['math'] AS cf_tags, {'seconds': 2::BIGINT, 'nanos': 0::BIGINT} AS time_limit, NULL::VARCHAR AS input_file
        FROM range(1, 1 + ROWS) t(i)
        """;

    const string Apps = """
        SELECT 0::BIGINT AS problem_id, 'Halve.' AS question, '["print(int(input())/2)"]' AS solutions,
            '{"inputs":["1\n","4\n"],"outputs":["0.5\n","2.0\n"]}' AS input_output, 'introductory' AS difficulty, '' AS url, '' AS starter_code
        UNION ALL SELECT 1, 'Evens.', '["class Solution:\n    def evens(self, xs: List[int]):\n        return [x for x in xs if x % 2 == 0]"]',
            '{"fn_name":"evens","inputs":[[[1,2]],[[4,6]]],"outputs":[[[2]],[[4,6]]]}', 'interview', '', 'class Solution:'
        UNION ALL SELECT 2, 'Lost.', '', '', 'interview', '', ''
        """;

    const string HumanEval = """
        SELECT 'HumanEval/0' AS task_id, 'def neg(a):' || chr(10) AS prompt, '    return -a' || chr(10) AS canonical_solution,
            'def check(candidate):' || chr(10) || '    assert candidate(1) == -1' || chr(10) || '    assert candidate(0) == 0' || chr(10) AS test, 'neg' AS entry_point
        """;

    const string Mbpp = """
        SELECT 601::INTEGER AS task_id, 'Add one.' AS text, 'def inc(a):' || chr(13) || chr(10) || '  return a + 1' AS code,
            ['assert inc(1) == 2', 'assert inc(-1) == 0'] AS test_list, '' AS test_setup_code, CAST([] AS VARCHAR[]) AS challenge_test_list
        """;

    public ParquetTests(Sandboxes sandboxes) => (this.sandboxes, folder) = (sandboxes, Directory.CreateTempSubdirectory("rlef-parquet-").FullName);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static void Execute(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    string PathOf(string name)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    string Write(string query, string name = "set.parquet", string options = "COMPRESSION zstd")
    {
        var path = PathOf(name);
        Execute($"COPY ({query}) TO '{path}' (FORMAT parquet, {options})");
        return path;
    }

    string WriteJson(string query)
    {
        var path = PathOf("set.jsonl");
        Execute($"COPY ({query}) TO '{path}' (FORMAT json)");
        return path;
    }

    static string Contests(int rows) => CodeContests.Replace("ROWS", $"{rows}");

    Task<ProblemReading> ReadAsync(string path) => ProblemReader.ReadAsync(path, sandboxes.Local);

    static void AssertSame(IEnumerable<Problem> expected, IEnumerable<Problem> actual)
    {
        foreach (var (e, a) in expected.Zip(actual, (e, a) => (e, a)))
        {
            Assert.Equal(e with { PublicTests = [], PrivateTests = [] }, a with { PublicTests = [], PrivateTests = [] });
            Assert.Equal(e.PublicTests.AsEnumerable(), a.PublicTests);
            Assert.Equal(e.PrivateTests.AsEnumerable(), a.PrivateTests);
        }
        Assert.Equal(expected.Count(), actual.Count());
    }

    [Theory]
    [InlineData(CodeContests, "codecontests", "COMPRESSION zstd")]
    [InlineData(CodeContests, "codecontests", "COMPRESSION snappy, ROW_GROUP_SIZE 2048")]
    [InlineData(Apps, "apps", "COMPRESSION zstd")]
    [InlineData(Apps, "apps", "COMPRESSION snappy")]
    [InlineData(HumanEval, "humaneval", "COMPRESSION snappy")]
    [InlineData(Mbpp, "mbpp", "COMPRESSION gzip")]
    public async Task A_table_reads_as_the_JSONL_of_its_rows(string query, string format, string options)
    {
        query = query.Replace("ROWS", "5000");
        var (table, lines) = (await ReadAsync(Write(query, options: options)), await ReadAsync(WriteJson(query)));
        Assert.Equal((format, lines.Format, lines.Records, lines.References), (table.Format, format, table.Records, table.References));
        Assert.Equal(lines.Faults.Select(f => (f.Line, f.Problem, f.Field, f.Reason)), table.Faults.Select(f => (f.Line, f.Problem, f.Field, f.Reason)));
        Assert.NotEmpty(table.Problems);
        AssertSame(lines.Problems.Select(p => p.Problem), table.Problems.Select(p => p.Problem));
    }

    [Theory]
    [InlineData(CodeContests, 3)]
    [InlineData(Apps, 2)]
    [InlineData(HumanEval, 1)]
    [InlineData(Mbpp, 1)]
    public async Task References_of_a_table_are_accepted(string query, int references)
    {
        var set = (await ReadAsync(Write(query.Replace("ROWS", "3")))).ToSetWithoutFaulty();
        var result = await ProblemSetValidator.ValidateAsync(set, sandboxes.Judge());
        Assert.Equal((references, references, references), (result.Problems, result.Accepted, result.EmptyRejected));
    }

    [Fact]
    public async Task Shards_are_read_in_order_and_none_may_be_missing()
    {
        string Part(int number) => $"{Contests(4)} WHERE i % 2 = {number}";
        Write(Part(0), "data/train-00000-of-00002-0a1b2c.parquet");
        var second = Write(Part(1), "data/train-00001-of-00002-9f.parquet");
        var reading = await ReadAsync(PathOf("data"));
        Assert.Equal(["2_A", "4_A", "1_A", "3_A"], reading.Problems.Select(p => p.Problem.Id));
        Assert.Equal((second, 2), (reading.Problems[3].File, reading.Problems[3].Line));

        Write(Part(0), "data/test-00000-of-00001.parquet");
        var several = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(PathOf("data")));
        Assert.Contains("test, train", several.Message);
        Assert.Equal(2, (await ReadAsync(PathOf("data/test"))).Records);
        Assert.Equal(4, (await ReadAsync(PathOf("data/train"))).Records);

        File.Delete(second);
        var missing = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(PathOf("data/train")));
        Assert.Contains("00001", missing.Message);
        await Assert.ThrowsAsync<FileNotFoundException>(() => ReadAsync(PathOf("data/valid")));
    }

    [Fact]
    public async Task Broken_tables_give_one_clear_error()
    {
        var path = Write(Contests(3000), options: "COMPRESSION zstd, ROW_GROUP_SIZE 2048");
        var whole = File.ReadAllBytes(path);
        var random = new Random(5);
        for (var round = 0; round < 60; round++)
        {
            var bytes = round < 20 ? whole[..(4 + round * (whole.Length - 5) / 19)] : [.. whole];
            for (var flip = 0; round >= 20 && flip < 8; flip++)
                bytes[4 + random.Next(whole.Length - 4)] ^= (byte)(1 + random.Next(255));
            File.WriteAllBytes(path, bytes);
            // Where damage only touches columns that are not read, or the bytes of a text, the set still comes out.
            var records = 0;
            var fault = await Record.ExceptionAsync(async () => records = (await ReadAsync(path)).Records);
            Assert.True(fault is InvalidDataException or ProblemFormatException || round >= 20 && records == 3000, $"round {round}: {records} records, {fault}");
            if (fault is not null)
                Assert.Matches($"^[^\n]*{path}[^\n]*$", fault.Message);
        }
        File.WriteAllText(path, "{}");
        Assert.Contains("no Parquet file", (await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(path))).Message);
    }

    [Fact]
    public async Task Tables_of_no_rows_or_no_known_format_are_named()
    {
        Assert.Contains("no problems", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Write(Contests(0))))).Message);
        Assert.Contains("no known format", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Write("SELECT 1 AS a, 'x' AS \"b\"\"c\"")))).Message);
        var e = await Assert.ThrowsAsync<ProblemFormatException>(() => ProblemReader.ReadAsync(Write("SELECT 1 AS a"), sandboxes.Local, "codecontests"));
        Assert.Equal((1, "private_tests"), (e.Line, e.Field));
    }

    [Fact]
    public void Rows_are_streamed_so_that_damage_far_behind_does_not_matter_yet()
    {
        // Random digits in 16 row groups of one vector each; the second half of the file is cut to zeros, its footer is kept.
        var path = Write("SELECT i AS id, md5(i::VARCHAR) AS content, 'x' AS large FROM range(32768) t(i)", options: "COMPRESSION zstd, ROW_GROUP_SIZE 2048");
        var bytes = File.ReadAllBytes(path);
        var footer = BitConverter.ToInt32(bytes, bytes.Length - 8) + 8;
        bytes.AsSpan(bytes.Length / 2, bytes.Length / 2 - footer).Clear();
        File.WriteAllBytes(path, bytes);
        var rows = 0;
        Assert.Throws<InvalidDataException>(() =>
        {
            foreach (var entry in ParquetFile.Read(path, ["id", "content"]))
            {
                Assert.Equal((++rows, 32, false), (entry.Record!.Line, entry.Record.Text("content")!.Length, entry.Record.Has("large")));
                Assert.Equal(rows - 1, entry.Record.Root.GetProperty("id").GetInt32());
            }
        });
        Assert.InRange(rows, 6 * 2048, 8 * 2048);
    }

    [Theory]
    [InlineData("mbpp/mbpp.jsonl")]
    [InlineData("codecontests/converted_150.jsonl")]
    [InlineData("codecontests/sandboxfusion_train20.jsonl")]
    [InlineData("humaneval/HumanEval.jsonl.gz")]
    public async Task Real_sets_read_the_same_as_tables(string name)
    {
        var path = SharedData.Require(name);
        var table = Write($"FROM read_json('{path}', format = 'newline_delimited', maximum_object_size = 100000000, sample_size = -1)");
        var (expected, actual) = (await ReadAsync(path), await ReadAsync(table));
        Assert.Equal((expected.Format, expected.Records, expected.Faults.Length), (actual.Format, actual.Records, actual.Faults.Length));
        AssertSame(expected.Problems.Select(p => p.Problem), actual.Problems.Select(p => p.Problem));
    }
}
