using System.Text;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Imports;

/// <summary>Every form of source, from the Secret to the mail; and everything that is refused, with its reason and the way out.</summary>
public sealed class SourceTests(Pki pki, Samples samples)
{
    private const string Records = "userPfxCertificates";
    private const string Mail = "Only Alice may read this.";

    private static byte[] Password => Encoding.ASCII.GetBytes(Samples.Password);

    /// <summary>What is refused: how it is given, for which purpose, the reason, and words of the way out.</summary>
    public static TheoryData<string, ImportPurpose, string, string> Refused() => new()
    {
        { "base64.p12", ImportPurpose.SmimeEncryption, Reasons.SourceInvalid, "base64" },
        { "2020.p12 password", ImportPurpose.SmimeEncryption, Reasons.WrongPassword, "passwordKey" },
        { "keyless.p12", ImportPurpose.SmimeEncryption, Reasons.PrivateKeyMissing, "together with its private key" },
        { "2020.pem 2021.key", ImportPurpose.SmimeEncryption, Reasons.KeyMismatch, "issued together" },
        { "ed25519.p12", ImportPurpose.SmimeSigning, Reasons.SourceUnsupported, "neither RSA nor elliptic curve" },
        { "rounds.p12", ImportPurpose.SmimeEncryption, Reasons.SourceLimitExceeded, "-iter 2048" },
        { "signing.pem 2020.key", ImportPurpose.SmimeEncryption, Reasons.PurposeMismatch, "change `purpose`" },
        { "2020.pem 2020.key", ImportPurpose.SmimeSigning, Reasons.PurposeMismatch, "change `purpose`" },
        { "web.pem 2020.key", ImportPurpose.SmimeEncryption, Reasons.PurposeMismatch, "S/MIME template" },
        { "bob.pem 2020.key", ImportPurpose.SmimeEncryption, Reasons.IdentityMismatch, "`identityCheck: Warn`" },
        { "expired.pem 2020.key", ImportPurpose.SmimeSigning, Reasons.CertificateExpired, "Give the renewed one" },
        { "future.pem 2020.key", ImportPurpose.SmimeEncryption, Reasons.NotYetValid, "2040-01-01" },
        { "weak.pem weak.key", ImportPurpose.SmimeEncryption, Reasons.WeakKey, "larger key" },
        { "sha1.pem 2020.key", ImportPurpose.SmimeSigning, Reasons.WeakSignature, "SHA-256" },
        { "never.pem 2020.key", ImportPurpose.SmimeEncryption, Reasons.EncodingRefused, "`encoding.reencode: Auto`" },
    };

    [Fact]
    public async Task A_history_in_every_form_is_imported_and_reads_the_mail_of_its_time()
    {
        await using var world = await StartAsync();
        Put(world, "files", new() { ["2020.pfx"] = samples.Bytes("2020.p12"), ["2021.pfx"] = samples.Bytes("2021.p12"), ["2020.password"] = Password, ["2021.password"] = Password });
        Put(world, "cert-manager", new() { ["keystore.p12"] = samples.Bytes("2022.p12"), ["truststore.p12"] = [1, 2, 3], ["tls.crt"] = samples.Bytes("2022.pem") });
        Put(world, "keystore-password", new() { ["password"] = [.. Password, (byte)'\n'] });
        Put(world, "pem", new() { ["certificates"] = samples.Bytes("2023.pem"), ["keys"] = samples.Bytes("2023.encrypted.key"), ["secret"] = Password });
        Put(world, "tls", new() { ["tls.crt"] = samples.Bytes("2024.pem"), ["tls.key"] = samples.Bytes("2024.key") });
        var import = world.AddImport(change: s => s.Sources =
        [
            new() { Name = "files", Pkcs12 = new() { SecretName = "files", Key = "*.pfx", PasswordKey = "*.password" } },
            new() { Name = "cert-manager", Pkcs12 = new() { SecretName = "cert-manager", PasswordSecretRef = new() { Name = "keystore-password", Key = "password" } } },
            new() { Name = "pem", Pem = new() { SecretName = "pem", CertificateKey = "certificates", PrivateKeyKey = "keys", PasswordKey = "secret" } },
            new() { Name = "tls", Tls = new() { SecretName = "tls" } },
        ]);

        await world.ReconcileAsync(import);

        import.Status.ShouldBeInSync();
        import.Status!.Certificates!.Select(c => c.Source).ShouldBe(["tls", "pem", "cert-manager", "files/2021.pfx", "files/2020.pfx"]);
        world.Sim.Count(Records).ShouldBe(5);
        foreach (var record in world.Sim.List(Records))
        {
            var upload = world.Sim.StoredPfx((string)record["id"]!)!;
            var thumbprint = (string)record["thumbprint"]!;
            (await pki.OpenAsync(upload.Blob, upload.EncryptedPassword)).ShouldBe(thumbprint);
            var year = ((DateTimeOffset)record["startDateTime"]!).Year;
            (await pki.ReadMailAsync(samples.Bytes($"{year}.pem"), Mail, upload.Blob, upload.EncryptedPassword)).ShouldBe(Mail);
        }

        // Nothing is opened again, and one of two files that goes is the past.
        var reads = world.Catalog.SecretReads;
        await world.SweepAsync();
        await world.ReconcileAsync(import);
        world.Catalog.SecretReads.ShouldBe(reads);
        Put(world, "files", new() { ["2021.pfx"] = samples.Bytes("2021.p12"), ["2021.password"] = Password });
        await world.ReconcileAsync(import);
        import.Status.ShouldBeInSync();
        import.Status.Certificates!.Count(c => c.State == CertificateState.SourceGone).ShouldBe(1);
        world.Sim.Count(Records).ShouldBe(5);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_refused_is_told_with_its_reason_and_the_way_out(string given, ImportPurpose purpose, string reason, string wayOut)
    {
        await using var world = await StartAsync();
        var source = Source(world, given);
        var import = world.AddImport(change: s =>
        {
            (s.Purpose, s.Sources) = (purpose, [source]);
            s.Encoding.Reencode = given.StartsWith("never", StringComparison.Ordinal) ? ReencodePolicy.Never : ReencodePolicy.Auto;
        });

        await world.ReconcileAsync(import);

        var message = reason == Reasons.NotYetValid ? import.Status.ShouldWait(reason) : import.Status.ShouldBeStalled(reason);
        message.ShouldStartWith("source given");
        message.ShouldContain(wayOut);
        world.Sim.Count(Records).ShouldBe(0);
        world.Texts.ShouldAllBe(t => !t.Contains(Samples.Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_Secret_of_an_escrow_may_hold_a_whole_history_and_one_broken_file_stops_none_of_the_others()
    {
        await using var world = await StartAsync();
        Escrow.Put(world, "history", TenantWorld.User, new()
        {
            ["2020.pfx"] = samples.Bytes("2020.p12"),
            ["2021.p12"] = samples.Bytes("2021.p12"),
            ["2022.p12"] = samples.Bytes("2022.p12")[..200],
            ["password"] = Password,
        });
        var import = Escrow.AddImport(world);

        await world.ReconcileAsync(import);

        import.Status.ShouldBeStalled(Reasons.SourceInvalid).ShouldContain("source history/2022.p12");
        world.Sim.Count(Records).ShouldBe(2);
        (import.Status!.Counts!.Desired, import.Status.Counts.Imported, import.Status.Counts.Failed).ShouldBe((3, 2, 1));
        import.Status.Failures.ShouldHaveSingleItem().Secret.ShouldBe("history");
    }

    private static void Put(TenantWorld world, string name, Dictionary<string, byte[]> data) => world.Catalog.Put(DataKind.Secret, name, data);

    // FILE.p12 and whether to leave the password out, or a certificate and a key.
    private CertificateSourceSpec Source(TenantWorld world, string given)
    {
        var parts = given.Split(' ');
        if (parts[0].EndsWith(".pem", StringComparison.Ordinal))
        {
            Put(world, "given", new() { ["tls.crt"] = samples.Bytes(parts[0] == "never.pem" ? "2020.pem" : parts[0]), ["tls.key"] = samples.Bytes(parts[1]) });
            return new() { Name = "given", Tls = new() { SecretName = "given" } };
        }

        var file = parts[0] == "base64.p12" ? Encoding.ASCII.GetBytes(Convert.ToBase64String(samples.Bytes("2020.p12"))) : samples.Bytes(parts[0]);
        Put(world, "given", new() { ["keystore.p12"] = file, ["password"] = Password });
        return new() { Name = "given", Pkcs12 = new() { SecretName = "given", PasswordKey = parts.Length > 1 ? null : "password" } };
    }

    private async Task<TenantWorld> StartAsync()
    {
        await samples.ReadyAsync();
        return await TenantWorld.StartAsync(pki);
    }
}
