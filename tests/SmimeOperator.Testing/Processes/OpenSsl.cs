namespace SmimeOperator.Testing;

/// <summary>The openssl binary, in a folder of its own: the second opinion on everything cryptographic.</summary>
public sealed class OpenSsl : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The folder in which openssl runs; arguments may name its files without a path.</summary>
    public string Folder => _folder.Path;

    /// <summary>Runs openssl and returns what it wrote; fails the test when openssl fails.</summary>
    public async Task<byte[]> RunAsync(IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default) =>
        (await TryRunAsync(arguments, input)).Succeeded().Output.ToArray();

    /// <summary>Runs openssl, whatever comes of it.</summary>
    public Task<CommandResult> TryRunAsync(IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default) =>
        Command.RunAsync("openssl", arguments, input, Folder);

    /// <summary>Puts a file into the folder.</summary>
    public void Write(string name, ReadOnlySpan<byte> content) => File.WriteAllBytes(_folder[name], content);

    /// <summary>Reads a file of the folder.</summary>
    public byte[] Read(string name) => File.ReadAllBytes(_folder[name]);

    /// <summary>Deletes the folder.</summary>
    public void Dispose() => _folder.Dispose();
}
