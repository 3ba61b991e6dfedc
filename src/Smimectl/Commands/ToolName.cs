namespace Smimectl;

/// <summary>The name by which the program was called.</summary>
internal static class ToolName
{
    /// <summary>The name that it has.</summary>
    public const string Program = "smimectl";

    // kubectl runs an executable kubectl-NAME of the PATH for `kubectl NAME`.
    private const string PluginPrefix = "kubectl-";

    /// <summary>What is typed to call it.</summary>
    public static string Typed { get; } = Of(FirstWord());

    /// <summary>The executable's own name, which shells complete.</summary>
    public static string Executable { get; } = IsPlugin(FirstWord(), out var name) ? name : Program;

    /// <summary>What is typed to call an executable.</summary>
    public static string Of(string? path) => IsPlugin(path, out var name) ? "kubectl " + name[PluginPrefix.Length..].Replace('_', '-') : Program;

    private static bool IsPlugin(string? path, out string name)
    {
        name = Path.GetFileNameWithoutExtension(path) ?? "";
        return name.StartsWith(PluginPrefix, StringComparison.Ordinal) && name.Length > PluginPrefix.Length;
    }

    // A link's own name stands in the first word of the command line, which .NET replaces by the program's real path.
    private static string? FirstWord()
    {
        const string OwnCommandLine = "/proc/self/cmdline";
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText(OwnCommandLine).Split('\0')[0] : Environment.ProcessPath;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Environment.ProcessPath;
        }
    }
}
