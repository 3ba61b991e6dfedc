using System.Text;
using SmimeOperator.Testing;

namespace Smimectl.Tests.Folders;

/// <summary>Folders that cannot be read as they are: what is not seen must never count as removed.</summary>
public sealed class UnreadableTests : IDisposable
{
    private const string Tenant = """
        apiVersion: smime-operator.io/v1alpha1
        kind: Tenant
        metadata: {name: NAME}
        spec:
          tenantId: 11111111-2222-3333-4444-555555555555
          credentials: {type: None}
          endpoint: http://127.0.0.1:5080

        """;

    private readonly TemporaryFolder _folder = new();

    public UnreadableTests()
    {
        Directory.CreateDirectory(_folder["manifests/inner"]);
        Write("manifests/a.yaml", "a");
        Write("manifests/inner/b.yaml", "b");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_link_back_to_a_folder_above_is_not_followed_and_other_links_are()
    {
        Directory.CreateDirectory(_folder["elsewhere"]);
        Write("elsewhere/c.yaml", "c");
        File.CreateSymbolicLink(_folder["manifests/inner/up"], _folder["manifests"]);
        File.CreateSymbolicLink(_folder["manifests/self"], ".");
        File.CreateSymbolicLink(_folder["manifests/linked"], _folder["elsewhere"]);

        var (code, output) = await ValidateAsync();

        code.ShouldBe(0, output);
        output.ShouldBe("3 resources: 0 errors, 0 warnings, 0 notes");
    }

    [Fact]
    public async Task A_folder_that_may_not_be_read_is_an_error()
    {
        await RunAsync("chmod", "000", _folder["manifests/inner"]);
        try
        {
            var result = await Command.RunAsync("setpriv", [.. await PowerlessAsync(), "dotnet", Program, "validate", "manifests"], workingFolder: _folder.Path);

            result.ExitCode.ShouldBe(1, result.StandardOutput + result.StandardError);
            result.StandardOutput.ShouldContain("manifests/inner: error: cannot be read: ");
        }
        finally
        {
            await RunAsync("chmod", "700", _folder["manifests/inner"]);
        }
    }

    [Fact]
    public async Task A_name_that_is_no_text_is_an_error()
    {
        // No string of ours can hold such a name.
        await RunAsync("bash", "-c", "mv \"$1/a.yaml\" \"$1/a\"$'\\xff'.yaml", "bash", _folder["manifests"]);

        var (code, output) = await ValidateAsync();

        code.ShouldBe(1, output);
        output.ShouldContain("its name is not UTF-8; rename it");
        await RunAsync("bash", "-c", "rm \"$1\"/a*", "bash", _folder["manifests"]);
    }

    [Theory]
    [InlineData("plan", "", "DIR is empty", 1)]
    [InlineData("plan", "nowhere", "there is no folder nowhere", 1)]
    [InlineData("unmanaged", "nowhere", "there is no folder nowhere", 1)]
    [InlineData("validate", "", "DIR is empty", 2)]
    [InlineData("validate", "nowhere", "there is no folder nowhere", 2)]
    [InlineData("sync", "", "DIR is empty", 2)]
    [InlineData("sync", "nowhere", "there is no folder nowhere", 2)]
    [InlineData("doctor", "nowhere", "there is no folder nowhere", 2)]
    [InlineData("history alice", "nowhere", "there is no folder nowhere", 2)]
    public async Task A_folder_that_is_not_there_is_said_before_anything_is_begun(string command, string folder, string answer, int code)
    {
        using var error = new StringWriter();

        (await CommandLine.RunAsync([.. command.Split(' '), folder], TextWriter.Null, error, TestContext.Current.CancellationToken)).ShouldBe(code);

        error.ToString().ShouldStartWith($"smimectl: {answer}");
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "smimectl.dll");

    private void Write(string file, string name) => File.WriteAllText(_folder[file], Tenant.Replace("NAME", name, StringComparison.Ordinal));

    private async Task<(int ExitCode, string Output)> ValidateAsync()
    {
        using var output = new StringWriter(new StringBuilder());
        var code = await CommandLine.RunAsync(["validate", _folder["manifests"]], output, TextWriter.Null, TestContext.Current.CancellationToken);
        return (code, output.ToString().Trim());
    }

    // root reads everything unless it is told not to.
    private static async Task<string[]> PowerlessAsync() => (await RunAsync("id", "-u")).Trim() == "0" ? ["--bounding-set=-dac_override,-dac_read_search"] : [];

    private static async Task<string> RunAsync(string program, params string[] arguments) => (await Command.RunAsync(program, arguments)).Succeeded().StandardOutput;
}
