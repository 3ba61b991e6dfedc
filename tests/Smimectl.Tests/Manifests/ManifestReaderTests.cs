using System.Reflection;
using CsCheck;
using SmimeOperator.Api;
using SmimeOperator.Api.Schema;
using SmimeOperator.Testing;

namespace Smimectl.Tests;

public sealed class ManifestReaderTests
{
    private const string Policy = """
        apiVersion: smime-operator.io/v1alpha1
        kind: SmimePolicy
        metadata:
          name: outlook
        spec:
          tenantRef: {name: contoso}
          displayName: Outlook
        """;

    [Fact]
    public void Defaults_come_from_the_types()
    {
        var file = Read(Policy);

        file.Problems.ShouldBeEmpty();
        var policy = file.Resources.ShouldHaveSingleItem().ShouldBeOfType<CustomManifest>().Entity.ShouldBeOfType<SmimePolicy>();
        policy.Metadata.NamespaceProperty.ShouldBe("default");
        policy.Spec.Outlook.Smime.Enabled.ShouldBeTrue();
        policy.Spec.Drift.Mode.ShouldBe(DriftMode.Correct);
    }

    [Theory]
    [InlineData("\n  displayname: x", 8, "spec.displayname is not known; did you mean displayName?")]
    [InlineData("\n  drift: {mode: Fix}", 8, "spec.drift.mode 'Fix' is none of Correct, Detect, Off")]
    [InlineData("\n  drift: {mode: Off}", 8, "spec.drift.mode must be text")]
    [InlineData("\n  suspend: \"true\"", 8, "spec.suspend must be true or false")]
    [InlineData("\n  trustedCertificates:\n    - name: root", 9, "spec.trustedCertificates[0].certificateRef is missing")]
    [InlineData("\n  app: {id: nonsense}", 8, "spec.app.id 'nonsense' does not match")]
    [InlineData("\n  app: {id: nonsense}", 8, "; write it like 11111111-2222-3333-4444-555555555555")]
    [InlineData("\n  displayNam: Outlook", 8, "spec.displayNam is not known; did you mean displayName?")]
    [InlineData("\n  signing: {source: Scep}", 8, "scep belongs to source Scep, and is needed there")]
    [InlineData("\n  roleScopeTagIds: [\"1\", \"1\"]", 8, "stands in the list twice")]
    [InlineData("\n  displayName: again", 8, "a field is written twice")]
    [InlineData("\nstatus: {}", 8, "status is not known")]
    public void A_fault_names_file_line_and_field(string more, int line, string message)
    {
        var file = Read(Policy + more);

        var problem = file.Problems.ShouldHaveSingleItem();
        problem.ToString().ShouldStartWith($"policy.yaml:{line}: ");
        problem.Message.ShouldContain(message);
        file.Resources.ShouldBeEmpty();
    }

    [Fact]
    public void A_Secret_that_another_folder_holds_decrypted_stands_for_the_encrypted_one_and_within_one_folder_both_are_a_fault()
    {
        using var folder = new TemporaryFolder();
        const string Secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: alice}\nstringData: {password: ";
        var git = Directory.CreateDirectory(folder["git"]).FullName;
        var decrypted = Directory.CreateDirectory(folder["decrypted"]).FullName;
        File.WriteAllText(Path.Combine(git, "alice.yaml"), Secret + "\"ENC[AES256_GCM,data:x,type:str]\"}\nsops: {mac: x}\n");
        File.WriteAllText(Path.Combine(decrypted, "alice.yaml"), Secret + "open}\n");

        var both = new FolderScanner([git, decrypted], new ManifestReader(new DataVersions([1]))).Scan();

        both.Problems.ShouldBeEmpty();
        both.Resources.Values.ShouldHaveSingleItem().ShouldBeOfType<DataManifest>().ShouldSatisfyAllConditions(
            d => d.IsEncrypted.ShouldBeFalse(), d => d.File.ShouldStartWith(decrypted));
        new FolderScanner([folder.Path], new ManifestReader(new DataVersions([1]))).Scan().Problems.ShouldHaveSingleItem().Fault.ShouldBe(ManifestFault.Duplicate);
    }

    [Fact]
    public void A_folder_in_the_other_folder_or_named_twice_states_what_it_states_once()
    {
        using var folder = new TemporaryFolder();
        var inner = Directory.CreateDirectory(folder["inner"]).FullName;
        File.WriteAllText(Path.Combine(inner, "policy.yaml"), Policy);

        var contents = new FolderScanner([folder.Path, Path.Combine(folder.Path, ".", "inner"), inner], new ManifestReader(new DataVersions([1]))).Scan();

        contents.Problems.ShouldBeEmpty();
        contents.Resources.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_kind_or_version_that_does_not_exist_is_a_fault_and_a_strangers_kind_is_skipped()
    {
        Read(Policy.Replace("v1alpha1", "v1", StringComparison.Ordinal)).Problems.ShouldHaveSingleItem();
        Read(Policy.Replace("SmimePolicy", "SmimePolicies", StringComparison.Ordinal)).Problems.ShouldHaveSingleItem();
        var stranger = Read("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n");
        stranger.Problems.ShouldBeEmpty();
        stranger.Skipped.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_fault_in_a_secret_tells_nothing_of_its_values()
    {
        const string Canary = "correct-horse-battery";
        string[] secrets =
        [
            $"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata:\n  password: {Canary}!\n",
            $"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData:\n  password: [{Canary}]\n",
            $"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData:\n  password: *{Canary}\n",
            $"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData:\n  password: !{Canary}!x y\n",
            $"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData:\n  password: \"{Canary}\n",
            $"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData:\n  password: @{Canary}\n",
            $"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData:\n  password: %{Canary}: {Canary}\n",
        ];

        foreach (var secret in secrets)
        {
            var file = Read(secret);
            file.Problems.ShouldNotBeEmpty(secret);
            file.Problems.ShouldAllBe(p => !p.ToString().Contains(Canary, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Data_of_secrets_is_read_on_demand_and_stringData_wins()
    {
        const string Secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {k: aGVsbG8=, other: eA==}\nstringData: {k: world}\n";

        var data = ManifestReader.ReadData(Secret, new ResourceKey("Secret", "default", "a")).ShouldNotBeNull();

        System.Text.Encoding.UTF8.GetString(data["k"]).ShouldBe("world");
        System.Text.Encoding.UTF8.GetString(data["other"]).ShouldBe("x");
        ManifestReader.ReadData(Secret, new ResourceKey("Secret", "default", "b")).ShouldBeNull();
        ManifestReader.ReadData(Secret, new ResourceKey("ConfigMap", "default", "a")).ShouldBeNull();
    }

    [Fact]
    public void Aliases_cannot_make_a_small_file_large()
    {
        var bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat("bcdefghi".Select((c, i) =>
        {
            var before = "abcdefghi"[i];
            return $"{c}: &{c} [*{before},*{before},*{before},*{before},*{before},*{before},*{before},*{before},*{before},*{before}]\n";
        }));

        Read(bomb).Problems.ShouldHaveSingleItem().Message.ShouldContain("values in one file");
        Read(new string('[', 100_000)).Problems.ShouldHaveSingleItem();
    }

    [Fact]
    public void Random_text_never_brings_the_reader_down()
    {
        string[] parts =
        [
            "apiVersion: smime-operator.io/v1alpha1", "kind: Tenant", "kind: Secret", "apiVersion: v1", "metadata:", "  name: a", "spec:", "data:", "  - ",
            "\n", "\n", ": ", "&a ", "*a", "{", "}", "[", "]", "\"", "'", "|", ">", "---", "...", "!", "!!str ", "%", "@", "? ", "#", "\t", "~", "true", "12", "\u2028", "\0",
        ];
        var words = Gen.Int[0, parts.Length - 1].Select(i => parts[i]);
        var texts = Gen.OneOf(
            Gen.String[0, 200],
            Gen.OneOf(words, Gen.String[0, 3]).Array[0, 60].Select(string.Concat),
            Gen.Select(Gen.Int[0, Policy.Length - 1], Gen.String[0, 4], (at, noise) => Policy[..at] + noise + Policy[at..]));

        texts.Sample(text =>
        {
            var file = Read(text);
            return file.Problems.Count == 0 || file.Resources.Count == 0;
        }, iter: 20_000);
    }

    [Fact]
    public void Every_rule_of_the_definitions_is_known_here()
    {
        var types = typeof(Tenant).Assembly.GetTypes();
        var rules = types.SelectMany(t => t.GetCustomAttributes<CelRuleAttribute>())
            .Concat(types.SelectMany(t => t.GetProperties()).SelectMany(p => p.GetCustomAttributes<CelRuleAttribute>()))
            .Select(r => r.Rule).Distinct().ToList();

        rules.Count.ShouldBeGreaterThan(15);
        rules.Where(r => !SpecRules.Knows(r)).ShouldBeEmpty();
    }

    [Fact]
    public void The_samples_are_without_fault()
    {
        var files = Directory.GetFiles(RepositoryRoot.Path("samples"), "*.yaml", SearchOption.AllDirectories);
        files.Length.ShouldBeGreaterThanOrEqualTo(9);
        foreach (var path in files)
        {
            var file = new ManifestReader(new DataVersions([1])).Read(path, File.ReadAllText(path));
            file.Problems.ShouldBeEmpty();
            file.Resources.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void A_resource_that_two_files_state_is_reported_and_neither_takes_effect()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.yaml"], Policy);
        File.WriteAllText(folder["b.yaml"], Policy);

        var contents = new FolderScanner([folder.Path], new ManifestReader(new DataVersions([1]))).Scan();

        contents.Resources.ShouldBeEmpty();
        contents.Problems.ShouldHaveSingleItem().ToString().ShouldStartWith(folder["b.yaml"] + ":1: ");
    }

    private static ManifestFile Read(string text) => new ManifestReader(new DataVersions([1])).Read("policy.yaml", text);
}
