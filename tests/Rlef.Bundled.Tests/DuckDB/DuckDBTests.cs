using DuckDB.NET.Data;

namespace Rlef.Bundled.Tests.DuckDB;

public sealed class DuckDBTests : IDisposable
{
    readonly DuckDBConnection connection = new("DataSource=:memory:");

    public DuckDBTests()
    {
        try
        {
            connection.Open();
        }
        catch (DllNotFoundException)
        {
            Assert.Skip("libduckdb was not found: ./rlef test fetches it, RLEF_LIBDUCKDB names another.");
        }
    }

    public void Dispose() => connection.Dispose();

    DuckDBCommand Command(string sql, bool streaming = false)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.UseStreamingMode) = (sql, streaming);
        return command;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Texts_and_numbers_of_every_length_come_back_with_nulls_between(bool streaming)
    {
        using var command = Command("SELECT i, CASE WHEN i % 3 = 0 THEN NULL ELSE repeat('ä€', i % 9) END AS t FROM range(5000) r(i)", streaming);
        using var reader = command.ExecuteReader();
        Assert.Equal((2, "i", "t"), (reader.FieldCount, reader.GetName(0), reader.GetName(1)));
        for (var i = 0; i < 5000; i++)
        {
            Assert.True(reader.Read());
            Assert.Equal(i, reader.GetInt64(0));
            Assert.Equal(i % 3 == 0, reader.IsDBNull(1));
            if (i % 3 != 0)
                Assert.Equal(string.Concat(Enumerable.Repeat("ä€", i % 9)), reader.GetString(1));
        }
        Assert.False(reader.Read());
        Assert.False(reader.Read());
    }

    [Fact]
    public void Statements_change_rows_and_their_faults_are_exceptions()
    {
        using (var several = Command("CREATE TABLE t (i BIGINT); INSERT INTO t VALUES (1), (2), (3)"))
            several.ExecuteNonQuery();
        using (var one = Command("INSERT INTO t VALUES (4), (5)"))
            Assert.Equal(2, one.ExecuteNonQuery());
        foreach (var sql in (string[])["SELEC 1", "SELECT * FROM nowhere", "INSERT INTO t VALUES ('x')"])
        {
            using var wrong = Command(sql);
            Assert.NotEmpty(Assert.Throws<DuckDBException>(() => wrong.ExecuteNonQuery()).Message);
            Assert.Throws<DuckDBException>(wrong.ExecuteReader);
        }
        using var late = Command("SELECT CASE WHEN i = 4999 THEN error('late') ELSE i END FROM range(5000) r(i)", streaming: true);
        Assert.Throws<DuckDBException>(() =>
        {
            using var reader = late.ExecuteReader();
            while (reader.Read())
                ;
        });
        using var sum = Command("SELECT sum(i)::BIGINT FROM t");
        using var total = sum.ExecuteReader();
        Assert.True(total.Read());
        Assert.Equal(15, total.GetInt64(0));
        Assert.Throws<InvalidCastException>(() => total.GetString(0));
    }

    [Fact]
    public void A_database_file_is_kept_and_a_wrong_one_refused()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        for (var visit = 1; visit <= 2; visit++)
        {
            using var file = new DuckDBConnection($"DataSource={path}");
            file.Open();
            using var command = file.CreateCommand();
            command.CommandText = visit == 1 ? "CREATE TABLE t (i BIGINT)" : "INSERT INTO t VALUES (1)";
            Assert.Equal(visit - 1, command.ExecuteNonQuery());
        }
        File.WriteAllText(path, "no database");
        using var wrong = new DuckDBConnection($"DataSource={path}");
        Assert.Throws<DuckDBException>(wrong.Open);
        File.Delete(path);
    }
}
