using System.Diagnostics;

namespace Smimectl;

/// <summary>
/// A shallow copy of one branch that is brought up to date now and then. Through the git program: it knows every way of logging in, and keeps the
/// credentials to itself.
/// </summary>
internal sealed class GitCopy
{
    // Marks a copy as made here: only that is ever overwritten.
    private const string OursKey = "smimectl.copy";

    private readonly GitSource _source;
    private readonly string _folder;

    private GitCopy(GitSource source, string folder) => (_source, _folder) = (source, folder);

    /// <summary>The folder with the manifests.</summary>
    public string Manifests => Path.Combine(_folder, _source.Path);

    /// <summary>Opens the copy of an earlier run, or makes one, at the newest commit of the branch.</summary>
    /// <exception cref="GitException">git is missing or failed, or the folder holds something else.</exception>
    public static async Task<GitCopy> OpenAsync(GitSource source, string folder, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(folder);
        var inside = Path.GetFullPath(Path.Combine(root, source.Path));
        if (inside != root && !inside.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new GitException($"--path {source.Path} leads out of the repository");
        }

        var copy = new GitCopy(source, root);
        if (!Directory.Exists(Path.Combine(root, ".git")))
        {
            if (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any())
            {
                throw new GitException($"{folder} holds files that are not a copy of ours; name an empty folder, or none");
            }

            Directory.CreateDirectory(root);
            await RunAsync(root, ["init", "--quiet"], cancellationToken);
            await RunAsync(root, ["config", OursKey, "true"], cancellationToken);
            await RunAsync(root, ["remote", "add", "--", "origin", source.Url], cancellationToken);
        }
        else if (await RunAsync(root, ["config", "--default", "false", "--get", OursKey], cancellationToken) != "true")
        {
            // Somebody's own clone: bringing it up to date would throw their work away.
            throw new GitException($"{folder} is a repository that smimectl did not make; name an empty folder, or none, or leave --git out to sync the folder as it is");
        }
        else if (await RunAsync(root, ["remote", "get-url", "origin"], cancellationToken) is var url && url != source.Url)
        {
            throw new GitException($"{folder} is a copy of another repository; remove it, or name another DIR");
        }

        await copy.UpdateAsync(cancellationToken);
        return Directory.Exists(copy.Manifests) ? copy : throw new GitException($"branch {source.Branch} has no folder {source.Path}");
    }

    /// <summary>Moves the copy to the newest commit of the branch.</summary>
    /// <returns>The commit.</returns>
    /// <exception cref="GitException">git failed; the copy stays as it was.</exception>
    public async Task<string> UpdateAsync(CancellationToken cancellationToken)
    {
        await RunAsync(_folder, ["fetch", "--quiet", "--depth", "1", "origin", $"refs/heads/{_source.Branch}"], cancellationToken);
        await RunAsync(_folder, ["reset", "--quiet", "--hard", "FETCH_HEAD"], cancellationToken);
        return await RunAsync(_folder, ["rev-parse", "HEAD"], cancellationToken);
    }

    private static async Task<string> RunAsync(string folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("git", ["-C", folder, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // A question for a password that nobody sees would be waited for for ever.
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new GitException("git is not installed, and repositories are followed through it");
        }

        using (process)
        {
            try
            {
                var output = process!.StandardOutput.ReadToEndAsync(cancellationToken);
                var error = process.StandardError.ReadToEndAsync(cancellationToken);
                await process.WaitForExitAsync(cancellationToken);
                return process.ExitCode == 0 ? (await output).Trim() : throw new GitException($"git {arguments[0]} failed: {WithoutCredentials(await error)}");
            }
            catch (OperationCanceledException)
            {
                process!.Kill(entireProcessTree: true);
                throw;
            }
        }
    }

    // git quotes the address, and some people write a password into it.
    private static string WithoutCredentials(string error) =>
        string.Join(' ', error.Split((char[])[' ', '\n', '\''], StringSplitOptions.RemoveEmptyEntries).Select(word =>
            word.IndexOf("://", StringComparison.Ordinal) is var start and >= 0 && word.IndexOf('@', start) is var end and >= 0 ? word[..(start + 3)] + word[(end + 1)..] : word));
}
