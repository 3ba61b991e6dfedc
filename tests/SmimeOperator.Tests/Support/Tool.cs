using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>Programs that a distribution packages: on the PATH, or unpacked into artifacts/tools. Without them a test is skipped, loudly.</summary>
internal static class Tool
{
    public static Task<CommandResult> RunAsync(string name, IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default, string? folder = null)
    {
        var unpacked = RepositoryRoot.Path("artifacts", "tools", name);
        return Command.RunAsync(File.Exists(unpacked) ? unpacked : name, arguments, input, folder);
    }
}
