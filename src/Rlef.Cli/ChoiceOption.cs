using System.CommandLine;

namespace Rlef.Cli;

/// <summary>Options that take one of some words, with one of them as the default.</summary>
static class ChoiceOption
{
    /// <param name="standard">What is meant where none is given.</param>
    public static Option<string> Create(string name, string description, string standard, params IEnumerable<string> words)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.AcceptOnlyFromAmong([.. words]);
        return option;
    }

    /// <summary>The member of an enumeration that was named, in small letters.</summary>
    public static T GetChoice<T>(this ParseResult parse, Option<string> option) where T : struct, Enum => Enum.Parse<T>(parse.GetValue(option)!, ignoreCase: true);
}
