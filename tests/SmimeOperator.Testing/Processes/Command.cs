using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Xunit;

namespace SmimeOperator.Testing;

/// <summary>What a command answered.</summary>
/// <param name="ExitCode">0 when it succeeded.</param>
/// <param name="Output">Standard output, byte for byte.</param>
/// <param name="StandardError">Standard error as text.</param>
public sealed record CommandResult(int ExitCode, ReadOnlyMemory<byte> Output, string StandardError)
{
    /// <summary>Standard output as text.</summary>
    public string StandardOutput => Encoding.UTF8.GetString(Output.Span);

    /// <summary>The same result, or an exception that tells what the command said when it failed.</summary>
    public CommandResult Succeeded() => ExitCode == 0
        ? this
        : throw new InvalidOperationException($"The command ended with {ExitCode}: {StandardError}{StandardOutput}");
}

/// <summary>Runs a program to its end. It ends with the test that runs it, if the test is over first.</summary>
public static class Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs a program; skips the test where the program is not installed.</summary>
    public static async Task<CommandResult> RunAsync(
        string program, IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default, string? workingFolder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder ?? "",
        };
        using var process = Start(start);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var output = new MemoryStream();
            var outputs = process.StandardOutput.BaseStream.CopyToAsync(output, limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await FeedAsync(process, input, limit.Token);
            await outputs;
            await process.WaitForExitAsync(limit.Token);
            return new CommandResult(process.ExitCode, output.ToArray(), await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        }
        catch (Win32Exception)
        {
            Assert.Skip($"SKIPPED, NOT TESTED: the program '{start.FileName}' is not on the PATH.");
            throw;
        }
    }

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A program that ends without reading its input is judged by its exit code.
        }
    }
}
