using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Formatting;

namespace Rlef.Notebooks.Engine;

/// <summary>
/// Registers how this library's values are shown, in whatever host loads it: the registration is the module's initialiser, so a
/// notebook in .NET Interactive needs no call for it.
/// </summary>
public static class NotebookFormatters
{
    /// <summary>Runs the module's initialiser if nothing has touched the library yet.</summary>
    public static void EnsureRegistered() => RuntimeHelpers.RunModuleConstructor(typeof(NotebookFormatters).Module.ModuleHandle);

#pragma warning disable CA2255 // A library initialiser is what makes the formatters known without a call.
    [ModuleInitializer]
    internal static void Register()
#pragma warning restore CA2255
    {
        Formatter.ListExpansionLimit = 20;
    }
}
