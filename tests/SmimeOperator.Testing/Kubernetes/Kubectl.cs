using System.Text;

namespace SmimeOperator.Testing;

/// <summary>The kubectl binary, talking to one API server as one user.</summary>
public sealed class Kubectl
{
    private readonly string _kubeconfig;
    private readonly string _cache;

    internal Kubectl(string kubeconfig, string cache)
    {
        _kubeconfig = kubeconfig;
        _cache = cache;
    }

    /// <summary>Runs kubectl, whatever comes of it.</summary>
    public Task<CommandResult> TryRunAsync(IEnumerable<string> arguments, string input = "") => Command.RunAsync(
        "kubectl", ["--kubeconfig", _kubeconfig, "--cache-dir", _cache, .. arguments], Encoding.UTF8.GetBytes(input));

    /// <summary>Runs kubectl and returns what it wrote; fails the test when kubectl fails.</summary>
    public async Task<string> RunAsync(params string[] arguments) => (await TryRunAsync(arguments)).Succeeded().StandardOutput;

    /// <summary>Applies a manifest on the server's side, as Flux does; fails the test when it is refused.</summary>
    public async Task<string> ApplyAsync(string manifest, params string[] arguments) =>
        (await TryApplyAsync(manifest, arguments)).Succeeded().StandardOutput;

    /// <summary>Applies a manifest on the server's side, whatever comes of it.</summary>
    public Task<CommandResult> TryApplyAsync(string manifest, params string[] arguments) =>
        TryRunAsync(["apply", "--server-side", "-f", "-", .. arguments], manifest);
}
