using System.IO.Compression;
using System.Text;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Problems;

/// <summary>Small files in the public formats, made here in a folder of their own.</summary>
public abstract class SmallSets(Sandboxes sandboxes) : IDisposable
{
    protected readonly string folder = Directory.CreateTempSubdirectory("rlef-formats-").FullName;

    protected Sandboxes Sandboxes => sandboxes;

    protected const string HumanEval = """
        {"task_id":"T/0","prompt":"def add(a, b):\n    \"\"\"Adds.\"\"\"\n","entry_point":"add","canonical_solution":"    return a + b\n","test":"def check(candidate):\n    assert candidate(1, 2) == 3\n    assert abs(candidate(0.1, 0.2) - 0.3) < 1e-6\n    for i in range(3):\n        assert candidate(i, i) == 2 * i\n"}
        """;

    protected const string Mbpp = """
        {"task_id":7,"text":"Give the shared elements.","code":"def shared(a, b):\r\n  return tuple(set(a) & set(b))","test_setup_code":"","test_list":["assert set(shared((1, 2),(2, 3))) == set((2,))","assert set(shared((1, 2),(2, 1))) == {1, 2}"],"challenge_test_list":["assert shared((),()) == ()"]}
        """;

    protected const string Objects = """
        {"task_id":8,"text":"Depth.","code":"class Node:\n  def __init__(self, l=None): self.l = l\ndef depth(n):\n  return 0 if n is None else 1 + depth(n.l)","test_setup_code":"root = Node(Node())","test_list":["assert (depth(root)) == 2","assert depth(Node()) == 1"],"challenge_test_list":[]}
        """;

    protected const string Plus = """
        {"task_id":"Mbpp/2","prompt":"\"\"\"Shared.\"\"\"\n","entry_point":"similar_elements","canonical_solution":"def similar_elements(a, b):\n  assert type(a) is tuple\n  return tuple(set(a) & set(b))\n","base_input":[[[3,4],[4,5]]],"plus_input":[[[1,2,3],[3,2,9]],[[],[Infinity]]],"atol":0}
        {"task_id":"HumanEval/32","prompt":"","entry_point":"find_zero","canonical_solution":"def find_zero(xs):\n  return -xs[0] / xs[1]\n","base_input":[[[1,2]]],"plus_input":[[[-4,4]]],"atol":0.0001}
        {"task_id":"HumanEval/2","prompt":"","entry_point":"third","canonical_solution":"def third(x):\n  return [x / 3]\n","base_input":[[1]],"plus_input":{},"atol":0}
        """;

    protected const string CodeContests = """
        {"name":"1_A","description":"Double.","public_tests":{"input":["2\n"],"output":["4\n"]},"private_tests":{"input":["3\n"],"output":["6\n"]},"generated_tests":{"input":["4\n"],"output":["8\n"]},"solutions":{"language":[2,3],"solution":["int main(){}","print(2*int(input()))"]}}
        {"name":"1_B","description":"Double.","public_tests":{"input":[],"output":[]},"private_tests":{"input":["3\n"],"output":["6\n"]},"generated_tests":{"input":[],"output":[]},"solutions":{"language":[2],"solution":["int main(){}"]}}
        """;

    protected const string Stdio = """
        {"content":"Double.","id":5,"labels":"{}","test":"[{\"input\":{\"stdin\":\"1\"},\"output\":{\"stdout\":\"2\"}},{\"input\":{\"stdin\":\"2\"},\"output\":{\"stdout\":\"4\"}}]"}
        """;

    protected const string Apps = """
        {"problem_id":1,"question":"Halve.","solutions":"[\"print(int(input())/2)\"]","input_output":"{\"inputs\":[\"1\\n\",\"4\\n\"],\"outputs\":[\"0.5\\n\",\"2.0000000001\\n\"]}","difficulty":"introductory","starter_code":""}
        {"problem_id":2,"question":"Evens.","solutions":"[\"class Solution:\\n    def evens(self, xs: List[int]):\\n        return tuple(x for x in xs if x % 2 == 0)\"]","input_output":"{\"fn_name\":\"evens\",\"inputs\":[[[1,2]],[[4,6]],[[1]]],\"outputs\":[[[2]],[[4,6]],[[]]]}","starter_code":"class Solution:\n    def evens(self, xs):\n        "}
        """;

    protected const string AppsSplit = """
        {"name":"9","description":"Pin.","difficulty":"introductory","id":9,"sample_io":[],"test_list":[{"input":"1234\n[1, 'a']","output":[true]},{"input":"a234\n[]","output":[false]}],"starter_code":"\ndef pin(p, xs):\n\t"}
        """;

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string Write(string text, string name = "problems.jsonl")
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    protected string Zip(string text, string name = "problems.jsonl.gz")
    {
        var path = Path.Combine(folder, name);
        using var zip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        zip.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }

    protected Task<ProblemReading> ReadAsync(string path, string? format = null) => ProblemReader.ReadAsync(path, sandboxes.Local, format);

    protected async Task<(ProblemReading Reading, ProblemSetValidator.Result Result)> ValidateAsync(string path)
    {
        var reading = await ReadAsync(path);
        return (reading, await ProblemSetValidator.ValidateAsync(reading.ToSet(), sandboxes.Judge()));
    }

    protected async Task<VerdictKind> JudgeAsync(Problem problem, string program) => (await sandboxes.Judge().JudgeAsync(program, problem, problem.AllTests)).Kind;
}
