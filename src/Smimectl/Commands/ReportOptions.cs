using System.CommandLine;

namespace Smimectl;

/// <summary>How a report is written.</summary>
internal enum ReportFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs.</summary>
    Json,
}

/// <summary>Options of commands that report on files and write nothing.</summary>
internal static class ReportOptions
{
    /// <summary>The name of a file, or - for standard input.</summary>
    public const string StandardInput = "-";

    public static Option<ReportFormat> Output() => new("--output", "-o") { Description = "text or json.", HelpName = "text|json" };

    public static Argument<string> File(string description) => new("FILE") { Description = description };

    public static Option<string?> PasswordFile() => new("--password-file") { Description = "The file that holds the password; a line end at its end does not count.", HelpName = "FILE" };

    public static Option<string?> PasswordVariable() => new("--password-env") { Description = "The environment variable that holds the password.", HelpName = "NAME" };

    /// <summary>Reads a file, or standard input, no further than a byte beyond a limit.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<byte[]> ReadAsync(string file, int limit, CancellationToken cancellationToken)
    {
        await using var stream = file == StandardInput ? Console.OpenStandardInput() : System.IO.File.OpenRead(file);
        var buffer = GC.AllocateArray<byte>(limit + 1, pinned: true);
        try
        {
            return buffer[..await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)];
        }
        finally
        {
            Array.Clear(buffer);
        }
    }
}
