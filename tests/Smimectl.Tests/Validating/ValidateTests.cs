using System.Text;
using System.Text.Json;
using SmimeOperator.Testing;

namespace Smimectl.Tests;

public sealed class ValidateTests : IDisposable
{
    private const string Tenant = """
        apiVersion: smime-operator.io/v1alpha1
        kind: Tenant
        metadata: {name: contoso, namespace: central}
        spec:
          tenantId: 11111111-2222-3333-4444-555555555555
          credentials: {type: WorkloadIdentity, clientId: 11111111-2222-3333-4444-555555555555}

        """;

    private const string Policy = """
        apiVersion: smime-operator.io/v1alpha1
        kind: SmimePolicy
        metadata: {name: outlook, namespace: central}
        spec:
          displayName: Outlook
          tenantRef:
            name: contoso

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_in_order_ends_with_0()
    {
        Write(("all.yaml", Tenant + "---\n" + Policy));

        var (code, findings, _) = await RunAsync();

        code.ShouldBe(0);
        findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task References_are_judged_by_what_may_lie_elsewhere()
    {
        Write(
            ("policy.yaml", Policy + "  trustedCertificates:\n    - name: root\n      certificateRef: {kind: ConfigMap, name: pki, key: root.crt}\n    - name: sub\n      certificateRef:\n        kind: ConfigMap\n        name: there\n        key: sub.crt\n"),
            ("there.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: there, namespace: central}\ndata: {other.crt: x}\n"),
            ("import.yaml", Import("alice", "pkcs12: {secretName: gone, key: a.p12}", "pkcs12:\n        secretName: here\n        key: a.p12", "pkcs12:\n        secretName: sealed\n        key: a.p12")),
            ("here.yaml", Secret("here", "stringData: {b.p12: x}")),
            ("sealed.yaml", Secret("sealed", "data: {b.p12: ENC}\nsops: {version: 3.9.0}")));

        var (code, findings, _) = await RunAsync();

        code.ShouldBe(1);
        findings.ShouldBe(
        [
            ("import.yaml", 6, "warning", "spec.tenantRef.name"),
            ("import.yaml", 11, "note", "spec.sources[0].pkcs12.secretName"),
            ("import.yaml", 15, "error", "spec.sources[1].pkcs12.key"),
            ("policy.yaml", 7, "warning", "spec.tenantRef.name"),
            ("policy.yaml", 10, "warning", "spec.trustedCertificates[0].certificateRef.name"),
            ("policy.yaml", 15, "error", "spec.trustedCertificates[1].certificateRef.key"),
        ]);
    }

    [Fact]
    public async Task What_a_faulty_file_states_is_not_absent()
    {
        Write(("tenant.yaml", Tenant.Replace("tenantId: 1", "tenantId: x1", StringComparison.Ordinal)), ("policy.yaml", Policy));
        (await RunAsync()).Findings.ShouldBe([("tenant.yaml", 5, "error", "spec.tenantId")]);

        Write(("tenant.yaml", Tenant + "  \"broken"));
        (await RunAsync()).Findings.ShouldHaveSingleItem().Severity.ShouldBe("error");
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("  allowedNamespaces: {names: [team]}\n", "", false)]
    [InlineData("  allowedNamespaces: {names: [other]}\n", "", true)]
    [InlineData("  allowedNamespaces: {selector: {matchLabels: {mail: \"yes\"}}}\n", "", false)]
    [InlineData("  allowedNamespaces: {selector: {matchLabels: {mail: \"yes\"}}}\n", "labels: {mail: \"yes\"}", false)]
    [InlineData("  allowedNamespaces: {selector: {matchLabels: {mail: \"yes\"}}}\n", "labels: {mail: \"no\"}", true)]
    [InlineData("  allowedNamespaces: {selector: {matchLabels: {kubernetes.io/metadata.name: team}}}\n", "labels: {mail: \"no\"}", false)]
    public async Task A_namespace_that_is_surely_not_allowed_is_an_error(string allowed, string labels, bool refused)
    {
        Write(("tenant.yaml", Tenant + allowed), ("policy.yaml", Policy.Replace("namespace: central", "namespace: team", StringComparison.Ordinal) + "    namespace: central\n"));
        if (labels.Length > 0)
        {
            Write(("namespace.yaml", $"apiVersion: v1\nkind: Namespace\nmetadata: {{name: team, {labels}}}\n"));
        }

        var (_, findings, _) = await RunAsync();

        findings.ShouldBe(refused ? [("policy.yaml", 6, "error", "spec.tenantRef")] : []);
    }

    [Fact]
    public async Task Imports_for_one_user_are_held_against_each_other()
    {
        const string Source = "pkcs12: {secretName: a, key: a.p12}";
        Write(
            ("tenant.yaml", Tenant),
            ("a.yaml", Import("a", Source)),
            ("b.yaml", Import("b", "tls: {secretName: b}").Replace("alice@", "Alice@", StringComparison.Ordinal)),
            ("c.yaml", Import("c", Source).Replace("SmimeEncryption", "SmimeSigning", StringComparison.Ordinal)),
            ("d.yaml", Import("d", Source).Replace("alice@", "bob@", StringComparison.Ordinal)));

        var (_, findings, _) = await RunAsync();

        findings.Where(f => f.Severity != "note").ShouldBe([("b.yaml", 7, "warning", "spec.userPrincipalName"), ("c.yaml", 8, "error", "spec.purpose")]);
    }

    [Theory]
    [InlineData("group: {displayName: a}", "group: {displayName: b}", "", false)]
    [InlineData("group: {displayName: a}", "group: {displayName: b}", "exclude: [{group: {displayName: a}}]", true)]
    [InlineData("group: {displayName: a}", "group: {displayName: a}", "app: {intent: Available}", true)]
    [InlineData("group: {displayName: a}, filter: {displayName: f, mode: Include}", "group: {displayName: b}", "exclude: [{group: {displayName: a}}]", true)]
    [InlineData("group: {displayName: a}, filter: {displayName: f, mode: Include}", "group: {displayName: a}, filter: {displayName: g, mode: Include}", "", false)]
    [InlineData("allUsers: true", "allUsers: true, platforms: [Windows]", "", true)]
    public async Task Assignments_that_no_tenant_could_reconcile_are_an_error(string first, string second, string more, bool contradict)
    {
        Write(("tenant.yaml", Tenant), ("policy.yaml", Policy), ("a.yaml", Assignment("a", first, "")), ("b.yaml", Assignment("b", second, more)));

        var (_, findings, _) = await RunAsync();

        findings.ShouldBe(contradict ? [("b.yaml", 6, "error", "spec.include")] : []);
    }

    [Fact]
    public async Task Keys_in_clear_text_are_a_warning_and_nothing_of_them_is_printed()
    {
        const string Password = "correct-horse-battery";
        using var openssl = new OpenSsl();
        await openssl.RunAsync(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "crt.pem", "-subj", "/CN=alice", "-days", "2"]);
        await openssl.RunAsync(["pkcs12", "-export", "-inkey", "key.pem", "-in", "crt.pem", "-out", "a.p12", "-passout", $"pass:{Password}"]);
        await openssl.RunAsync(["x509", "-in", "crt.pem", "-outform", "DER", "-out", "crt.der"]);
        var (file, certificate) = (Convert.ToBase64String(openssl.Read("a.p12")), Convert.ToBase64String(openssl.Read("crt.der")));
        var pem = Encoding.UTF8.GetString(openssl.Read("key.pem"));
        Write(
            ("tenant.yaml", Tenant.Replace("central", "team", StringComparison.Ordinal)),
            ("import.yaml", Import("alice", "pkcs12: {secretName: a, key: a.p12, passwordKey: password}").Replace("central", "team", StringComparison.Ordinal)),
            ("a.yaml", Secret("a", $"data:\n  a.p12: {file}\n  crt.der: {certificate}\nstringData:\n  password: {Password}").Replace("central", "team", StringComparison.Ordinal)),
            ("map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata:\n  key: |\n    " + pem.Trim().Replace("\n", "\n    ", StringComparison.Ordinal) + "\n"));

        var (code, findings, output) = await RunAsync();

        code.ShouldBe(0);
        findings.ShouldBe([("a.yaml", 5, "warning", "data.a.p12"), ("a.yaml", 8, "warning", "stringData.password"), ("map.yaml", 5, "warning", "data.key")]);
        output.ShouldNotContain(Password);
        output.ShouldNotContain(file[..16]);
        output.ShouldNotContain(pem.Split('\n')[1]);
        (await RunAsync("--strict")).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_build_is_reported_by_the_files_that_it_came_from()
    {
        Assert.SkipWhen(!await HasKubectlAsync(), "SKIPPED, NOT TESTED: the program 'kubectl' is not on the PATH.");
        Write(
            ("base/kustomization.yaml", "resources: [tenant.yaml, policy.yaml]\n"),
            ("base/tenant.yaml", Tenant),
            ("base/policy.yaml", Policy + "  suspend: maybe\n"),
            ("overlays/prod/kustomization.yaml", "resources: [../../base]\nnamePrefix: prod-\nnamespace: prod\npatches:\n  - path: patch.yaml\n"),
            ("overlays/prod/patch.yaml", "apiVersion: smime-operator.io/v1alpha1\nkind: Tenant\nmetadata: {name: contoso, namespace: central}\nspec: {interval: soon}\n"),
            ("other/namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: UPPER}\n"));
        var before = Files();

        var (code, findings, _) = await RunAsync();

        code.ShouldBe(1);
        findings.ShouldBe(
        [
            ("base/policy.yaml", 8, "error", "spec.suspend"),
            ("base/tenant.yaml", 4, "error", "spec.interval"),
            ("other/namespace.yaml", 3, "error", "metadata.name"),
        ]);
        Files().ShouldBe(before);

        Write(("overlays/prod/kustomization.yaml", "resources: [missing.yaml]\n"));
        (await RunAsync()).Findings.ShouldContain(("overlays/prod/kustomization.yaml", 1, "error", null));
    }

    [Fact]
    public async Task Without_kubectl_a_kustomization_cannot_be_begun_and_the_way_out_works()
    {
        Write(("kustomization.yaml", "resources: [tenant.yaml]\n"), ("tenant.yaml", Tenant));
        var program = Path.Combine(AppContext.BaseDirectory, "smimectl.dll");
        var dotnet = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(p => Path.Combine(p, "dotnet")).First(File.Exists);

        var without = await Command.RunAsync("/usr/bin/env", ["PATH=/nonexistent", dotnet, program, "validate", _folder.Path]);
        var asFiles = await Command.RunAsync("/usr/bin/env", ["PATH=/nonexistent", dotnet, program, "validate", _folder.Path, "--kustomize", "never"]);

        without.ExitCode.ShouldBe(2);
        without.StandardError.ShouldContain("--kustomize never");
        asFiles.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_stream_and_a_missing_folder_have_their_exit_codes()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "smimectl.dll");

        var good = await Command.RunAsync("dotnet", [program, "validate", "-"], Encoding.UTF8.GetBytes(Tenant));
        var bad = await Command.RunAsync("dotnet", [program, "validate", "-"], Encoding.UTF8.GetBytes(Tenant + "  mood: good\n"));

        good.ExitCode.ShouldBe(0);
        bad.ExitCode.ShouldBe(1);
        bad.StandardOutput.ShouldStartWith("stdin:7: error: spec.mood is not known");
        (await RunAsync(_folder["nowhere"], [])).ExitCode.ShouldBe(2);
        (await RunAsync()).Findings.ShouldHaveSingleItem().Severity.ShouldBe("warning");
    }

    [Fact]
    public async Task Sarif_has_what_the_standard_demands_and_a_place_for_each_finding()
    {
        Write(("ein haus.yaml", Policy + "  suspend: maybe\n"));

        var output = (await RunAsync(_folder.Path, ["--output", "sarif"])).Output;

        using var document = JsonDocument.Parse(output);
        document.RootElement.GetProperty("version").GetString().ShouldBe("2.1.0");
        var run = document.RootElement.GetProperty("runs").EnumerateArray().ShouldHaveSingleItem();
        var driver = run.GetProperty("tool").GetProperty("driver");
        driver.GetProperty("name").GetString().ShouldBe("smimectl");
        var rules = driver.GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("id").GetString()).ToList();
        rules.ShouldBeUnique();
        var result = run.GetProperty("results").EnumerateArray().ShouldHaveSingleItem();
        rules[result.GetProperty("ruleIndex").GetInt32()].ShouldBe(result.GetProperty("ruleId").GetString());
        result.GetProperty("level").GetString().ShouldBe("error");
        result.GetProperty("message").GetProperty("text").GetString().ShouldBe("spec.suspend must be true or false");
        var place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
        Uri.IsWellFormedUriString(place.GetProperty("artifactLocation").GetProperty("uri").GetString(), UriKind.RelativeOrAbsolute).ShouldBeTrue();
        place.GetProperty("artifactLocation").GetProperty("uri").GetString().ShouldEndWith("ein%20haus.yaml");
        place.GetProperty("region").GetProperty("startLine").GetInt32().ShouldBe(8);
    }

    [Fact]
    public async Task GitHub_and_GitLab_get_their_own_forms()
    {
        Write(("a,b.yaml", Policy + "  suspend: maybe\n  app: {id: \"100%\\nsure\"}\n"));

        var github = (await RunAsync(_folder.Path, ["--output", "github"])).Output.Split('\n');
        var gitlab = (await RunAsync(_folder.Path, ["--output", "gitlab"])).Output;

        github[0].ShouldStartWith("::error file=");
        github[0].ShouldEndWith("a%2Cb.yaml,line=8,title=schema::spec.suspend must be true or false");
        github[1].ShouldContain("'100%25%0Asure' does not match");
        using var report = JsonDocument.Parse(gitlab);
        var issues = report.RootElement.EnumerateArray().ToList();
        issues.Count.ShouldBe(2);
        issues.Select(i => i.GetProperty("fingerprint").GetString()).ShouldBeUnique();
        issues.ShouldAllBe(i => i.GetProperty("severity").GetString() == "major" && i.GetProperty("check_name").GetString() == "smimectl/schema");
        issues[1].GetProperty("location").GetProperty("lines").GetProperty("begin").GetInt32().ShouldBe(9);
        issues[1].GetProperty("location").GetProperty("path").GetString()!.ShouldEndWith("a,b.yaml");
    }

    [Fact]
    public async Task What_this_repository_gives_as_samples_has_no_error()
    {
        Assert.SkipWhen(!await HasKubectlAsync(), "SKIPPED, NOT TESTED: the program 'kubectl' is not on the PATH.");
        foreach (var sample in (string[])["samples", "gitops/flux", "gitops/argocd/repository"])
        {
            var (code, output) = await RunAsync(RepositoryRoot.Path(sample.Split('/')), []);
            code.ShouldBe(0, output);
        }
    }

    private static string Import(string name, params string[] sources) => $$"""
        apiVersion: smime-operator.io/v1alpha1
        kind: CertificateImport
        metadata: {name: {{name}}, namespace: central}
        spec:
          tenantRef:
            name: contoso
          userPrincipalName: alice@contoso.com
          purpose: SmimeEncryption
          sources:

        """ + string.Concat(sources.Select((s, i) => $"    - name: s{i}\n      {s}\n"));

    private static string Secret(string name, string data) => $"apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: central}}\n{data}\n";

    private static string Assignment(string name, string include, string more) =>
        "apiVersion: smime-operator.io/v1alpha1\nkind: Assignment\n"
        + $"metadata: {{name: {name}, namespace: central}}\nspec:\n  policyRef: {{name: outlook}}\n  include: [{{{include}}}]\n" + (more.Length > 0 ? $"  {more}\n" : "");

    private void Write(params (string Name, string Text)[] files)
    {
        foreach (var (name, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            File.WriteAllText(_folder[name], text);
        }
    }

    private List<string> Files() => [.. Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Order().Select(f => $"{f}\n{File.ReadAllText(f)}")];

    private static async Task<bool> HasKubectlAsync() => await KubectlRunner.TryRunAsync(["version", "--client"], CancellationToken.None) is not null;

    private async Task<(int ExitCode, IReadOnlyList<(string File, int Line, string Severity, string? Field)> Findings, string Output)> RunAsync(params string[] options)
    {
        var (code, output) = await RunAsync(_folder.Path, [.. options, "--output", "json"]);
        using var document = JsonDocument.Parse(output);
        return (code,
        [
            .. document.RootElement.GetProperty("findings").EnumerateArray().Select(f => (
                Path.GetRelativePath(_folder.Path, Path.GetFullPath(f.GetProperty("file").GetString()!)), f.GetProperty("line").GetInt32(), f.GetProperty("severity").GetString()!,
                f.TryGetProperty("field", out var field) ? field.GetString() : null)),
        ], output);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string folder, IReadOnlyList<string> options)
    {
        using var output = new StringWriter();
        return (await CommandLine.RunAsync(["validate", folder, .. options], output, TextWriter.Null), output.ToString());
    }
}
