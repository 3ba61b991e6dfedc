using SmimeOperator.Testing;

namespace Smimectl.Tests.Syncing;

public sealed class GitSyncTests
{
    [Fact]
    public async Task A_branch_is_copied_and_followed_and_a_second_run_goes_on_from_the_copy()
    {
        using var folder = new TemporaryFolder();
        var limit = TestContext.Current.CancellationToken;
        var remote = await RepositoryAsync(folder["remote"]);
        var source = new GitSource("file://" + remote, "prod", "clusters");

        var copy = await GitCopy.OpenAsync(source, folder["copy"], limit);

        Read(copy).ShouldBe("first");
        Directory.Exists(Path.Combine(copy.Manifests, "..", "other")).ShouldBeTrue();
        await CommitAsync(remote, "second");
        (await copy.UpdateAsync(limit)).ShouldBe((await GitAsync(remote, "rev-parse", "prod")).Trim());
        Read(copy).ShouldBe("second");
        (await GitAsync(Path.Combine(copy.Manifests, ".."), "rev-list", "--count", "HEAD")).Trim().ShouldBe("1");

        await CommitAsync(remote, "third");
        Read(await GitCopy.OpenAsync(source, folder["copy"], limit)).ShouldBe("third");
    }

    [Fact]
    public async Task What_cannot_be_followed_is_told_and_never_with_a_password()
    {
        using var folder = new TemporaryFolder();
        var limit = TestContext.Current.CancellationToken;
        var remote = await RepositoryAsync(folder["remote"]);

        (await Should.ThrowAsync<GitException>(GitCopy.OpenAsync(new GitSource(remote, "nowhere", ""), folder["a"], limit))).Message.ShouldContain("nowhere");
        (await Should.ThrowAsync<GitException>(GitCopy.OpenAsync(new GitSource(remote, "prod", "nothing"), folder["b"], limit))).Message.ShouldContain("nothing");
        (await Should.ThrowAsync<GitException>(GitCopy.OpenAsync(new GitSource(remote, "prod", "../.."), folder["c"], limit))).Message.ShouldContain("leads out");
        var password = await Should.ThrowAsync<GitException>(
            GitCopy.OpenAsync(new GitSource($"http://user:canary@127.0.0.1:{FreePort.Next()}/x.git", "prod", ""), folder["d"], limit));
        password.Message.ShouldNotContain("canary");
    }

    [Fact]
    public async Task Somebodys_own_files_and_clones_are_never_overwritten()
    {
        using var folder = new TemporaryFolder();
        var limit = TestContext.Current.CancellationToken;
        var remote = await RepositoryAsync(folder["remote"]);
        var source = new GitSource("file://" + remote, "prod", "clusters");
        Directory.CreateDirectory(folder["files"]);
        File.WriteAllText(Path.Combine(folder["files"], "a.yaml"), "mine");
        await GitAsync(remote, "clone", "--quiet", source.Url, folder["clone"]);
        File.WriteAllText(Path.Combine(folder["clone"], "clusters", "a.yaml"), "mine");

        (await Should.ThrowAsync<GitException>(GitCopy.OpenAsync(source, folder["files"], limit))).Message.ShouldContain("empty folder");
        (await Should.ThrowAsync<GitException>(GitCopy.OpenAsync(source, folder["clone"], limit))).Message.ShouldContain("did not make");

        File.ReadAllText(Path.Combine(folder["files"], "a.yaml")).ShouldBe("mine");
        File.ReadAllText(Path.Combine(folder["clone"], "clusters", "a.yaml")).ShouldBe("mine");
    }

    [Fact]
    public async Task Sync_works_from_a_branch()
    {
        await using var bench = await Workbench.OpenAsync();
        using var folder = new TemporaryFolder();
        await GitAsync(bench.Samples, "init", "--quiet", "--initial-branch", "main");
        foreach (var file in Directory.EnumerateFiles(bench.Secrets))
        {
            File.Copy(file, Path.Combine(bench.Samples, Path.GetFileName(file)), overwrite: true);
        }

        await SaveAsync(bench.Samples);
        using var output = new StringWriter();

        var code = await CommandLine.RunAsync(
            ["sync", folder["copy"], "--git", "file://" + bench.Samples, "--once", "--output", "json", "--tenant-endpoint", bench.Endpoint], output, output, bench.Limit);

        code.ShouldBe(0, output.ToString());
        bench.Simulator.Tenant.Count("userPfxCertificates").ShouldBe(6);
        File.Exists(folder["copy.state.json"]).ShouldBeTrue();
    }

    private static string Read(GitCopy copy) => File.ReadAllText(Path.Combine(copy.Manifests, "a.yaml"));

    private static async Task<string> RepositoryAsync(string path)
    {
        Directory.CreateDirectory(Path.Combine(path, "clusters"));
        Directory.CreateDirectory(Path.Combine(path, "other"));
        await GitAsync(path, "init", "--quiet", "--initial-branch", "prod");
        File.WriteAllText(Path.Combine(path, "other", "b.yaml"), "");
        await CommitAsync(path, "first");
        return path;
    }

    private static async Task CommitAsync(string path, string content)
    {
        File.WriteAllText(Path.Combine(path, "clusters", "a.yaml"), content);
        await SaveAsync(path);
    }

    private static async Task SaveAsync(string path)
    {
        await GitAsync(path, "add", "--all");
        await GitAsync(path, "-c", "user.name=Test", "-c", "user.email=test@contoso.com", "commit", "--quiet", "--message", "change");
    }

    private static async Task<string> GitAsync(string path, params string[] arguments) => (await Command.RunAsync("git", ["-C", path, .. arguments])).Succeeded().StandardOutput;
}
