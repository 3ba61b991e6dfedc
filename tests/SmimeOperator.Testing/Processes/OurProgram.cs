namespace SmimeOperator.Testing;

/// <summary>
/// A program of ours as a test starts it: built beside the test or, where <c>SMIME_SHIPPED</c> names the folder that <c>make operator smimectl</c> writes to,
/// as it is shipped: trimmed and compiled ahead, which can break what runs as it was built.
/// </summary>
public sealed class OurProgram
{
    private static readonly string? Shipped = Environment.GetEnvironmentVariable("SMIME_SHIPPED");

    /// <summary>The operator.</summary>
    public static OurProgram Operator { get; } = Find("operator/SmimeOperator", "SmimeOperator");

    /// <summary>smimectl.</summary>
    public static OurProgram Smimectl { get; } = Find("smimectl/smimectl", "smimectl");

    /// <summary>The file that is the program by itself.</summary>
    public required string Executable { get; init; }

    /// <summary>The command line that starts it.</summary>
    public required string[] CommandLine { get; init; }

    /// <summary>Runs it to its end.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) => Command.RunAsync(CommandLine[0], [.. CommandLine[1..], .. arguments]);

    private static OurProgram Find(string shipped, string built)
    {
        var executable = string.IsNullOrEmpty(Shipped) ? Path.Combine(AppContext.BaseDirectory, built) : Path.Combine(Shipped, shipped);
        // What was built beside a test finds the runtime as the test's own process did.
        return new OurProgram { Executable = executable, CommandLine = string.IsNullOrEmpty(Shipped) ? ["dotnet", executable + ".dll"] : [executable] };
    }
}
