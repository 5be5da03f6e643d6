using System.CommandLine;
using Rlef.Dialogue;

namespace Rlef.Cli;

/// <summary>The option that chooses the fixed sentences of dialogues.</summary>
static class WordingOption
{
    public static Option<string> Create(string standard = "nano")
    {
        var option = new Option<string>("--wording")
        {
            Description = "How problems and feedback are put: nano (the bare statement), or for chat models codecontests (with RLEF's instructions) or functions (short, for problems that ask for a function).",
            DefaultValueFactory = _ => standard,
        };
        option.AcceptOnlyFromAmong([.. DialogueWording.All.Keys]);
        return option;
    }
}
