using System.Diagnostics;
using System.Globalization;

namespace SmimeOperator.Testing;

/// <summary>
/// A server that runs beside the tests and never outlives them: a shell holds it and kills it as soon as the pipe to the
/// test process closes, which the kernel does even when the test process is killed.
/// </summary>
public sealed class BackgroundProcess : IAsyncDisposable
{
    private const string Guard = """
        log=$1; shift
        exec 3<&0 2>/dev/null
        "$@" </dev/null >>"$log" 2>&1 3<&- &
        server=$!
        { read -r _ <&3; kill -9 $server; } >/dev/null &
        guard=$!
        wait $server
        status=$?
        kill $guard
        exit $status
        """;

    private readonly Process _shell;
    private readonly string _log;

    private BackgroundProcess(Process shell, string log)
    {
        _shell = shell;
        _log = log;
    }

    /// <summary>Whether the server has ended, by itself or because it was stopped.</summary>
    public bool HasExited => _shell.HasExited;

    /// <summary>The server's own process id; the shell that holds it has another.</summary>
    /// <exception cref="InvalidOperationException">The server has ended.</exception>
    public int ServerId => File.ReadAllText($"/proc/{_shell.Id}/task/{_shell.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, ..]
        ? int.Parse(first, CultureInfo.InvariantCulture)
        : throw new InvalidOperationException("The server has ended.");

    /// <summary>Starts a server that writes what it says to a file.</summary>
    public static BackgroundProcess Start(string program, IEnumerable<string> arguments, string log)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Guard, "sh", log, program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        return new BackgroundProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."), log);
    }

    /// <summary>The end of what the server wrote.</summary>
    public string LogTail() => File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(20)) : "";

    /// <summary>Kills the server and returns when it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }
}
