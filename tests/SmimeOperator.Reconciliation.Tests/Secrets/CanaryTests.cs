using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.TenantSimulator;
using SmimeOperator.Testing.Graph;

namespace SmimeOperator.Reconciliation.Tests.Secrets;

/// <summary>Puts values with known text in every secret place and looks for them everywhere else, in good times and in bad ones.</summary>
public sealed class CanaryTests(Pki pki)
{
    private const string ClientSecret = "Canary-Client-Secret-51c0de";

    [Fact]
    public async Task What_is_secret_stands_in_the_body_of_an_import_and_nowhere_else()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        await EverythingHappensAsync(world);

        var secrets = Secrets(world);
        foreach (var text in world.Texts.Concat(world.Sim.Log.Entries.Select(e => e.ToString() + string.Join(' ', e.Violations))))
        {
            foreach (var (name, value) in secrets)
            {
                text.ShouldNotContain(value, Case.Insensitive, name);
            }
        }

        foreach (var sent in world.Sent)
        {
            foreach (var (name, value) in secrets)
            {
                $"{sent.Path} {sent.Headers}".ShouldNotContain(value, Case.Insensitive, name);
                if (!sent.Path.Contains("userPfxCertificates", StringComparison.OrdinalIgnoreCase))
                {
                    sent.Body.ShouldNotContain(value, Case.Insensitive, name);
                }
            }

            // Not even there: the owner's password is never sent, and the client secret does not go to Graph.
            sent.Body.ShouldNotContain(Pki.Password);
            sent.Body.ShouldNotContain(ClientSecret);
        }

        // The search finds what is there.
        world.Sent.ShouldContain(s => s.Body.Contains("encryptedPfxBlob", StringComparison.Ordinal));
        world.Texts.ShouldContain(t => t.Contains("source broken", StringComparison.Ordinal));
        world.Log.Lines.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Every_body_that_was_sent_is_valid_against_the_official_schema()
    {
        var schema = CsdlSchema.TryLoad();
        Assert.SkipUnless(schema is not null, "The official schema is not there; nothing was held against it.");
        await using var world = await TenantWorld.StartAsync(pki);
        await EverythingHappensAsync(world);

        world.Sent.Count(s => s.Method is "POST" or "PATCH").ShouldBeGreaterThan(10);
        world.SchemaViolations(schema).ShouldBeEmpty();
        world.Sim.Log.Violations.ShouldBeEmpty();
    }

    /// <summary>What must be seen nowhere: not in statuses, events, plans and log lines.</summary>
    internal static List<(string Name, string Value)> Secrets(TenantWorld world)
    {
        List<(string, string)> secrets =
        [
            ("password", Pki.Password),
            ("password in base64", Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(Pki.Password))[..20]),
            ("client secret", ClientSecret),
            ("PEM key", world.Pki.Pem("leaf.key").Split('\n')[3]),
        ];
        foreach (var file in (string[])["old.p12", "current.p12", "renewed.p12"])
        {
            secrets.Add((file, Convert.ToBase64String(world.Pki.Bytes(file))[200..260]));
        }

        foreach (var record in world.Sim.List("userPfxCertificates"))
        {
            var upload = world.Sim.StoredPfx((string)record["id"]!)!;
            secrets.Add(("uploaded file", Convert.ToBase64String(upload.Blob)[200..260]));
            secrets.Add(("encrypted password", Convert.ToBase64String(upload.EncryptedPassword)[..40]));
            secrets.Add(("new password", upload.DecryptPassword()));
        }

        return secrets;
    }

    private async Task EverythingHappensAsync(TenantWorld world)
    {
        var policy = world.AddPolicy(change: s =>
        {
            s.Description = "For phones";
            s.RoleScopeTagIds = ["0"];
            s.Outlook.LdapUrl = "ldap.contoso.com";
            s.Outlook.SignAllMail = new SettingWithOverride { Enabled = true };
            s.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs };
            s.Signing = new SigningSpec { Source = SigningSource.ImportedPkcs };
            s.TrustedCertificates = [new TrustedCertificateSpec { Name = "contoso", CertificateRef = new DataReference { Kind = DataKind.ConfigMap, Name = "pki", Key = "root.pem" } }];
        });
        await world.ReconcileAsync(policy);
        TenantWorld.Edit(policy, s => s.DisplayName = "Renamed");
        await world.ReconcileAsync(policy);

        var filter = world.Sim.AddFilter("Corporate iPhones");
        await world.SweepAsync();
        var assignment = world.AddAssignment("all", s =>
        {
            s.Include =
            [
                new IncludeTarget { Group = new GroupReference { Id = world.Sim.AddGroup("One") }, Filter = new FilterReference { Id = filter, Mode = FilterMode.Exclude } },
                new IncludeTarget { AllUsers = true },
                new IncludeTarget { AllDevices = true },
            ];
            s.Exclude = [new ExcludeTarget { Group = new GroupReference { Id = world.Sim.AddGroup("Two") } }];
        });
        await world.ReconcileAsync(assignment);
        assignment.Status.ShouldBeInSync();

        var broken = world.Pkcs12("broken", "old");
        world.Catalog.Put(DataKind.Secret, "broken", new() { ["keystore.p12"] = pki.Bytes("old.p12")[..^50], ["password"] = System.Text.Encoding.ASCII.GetBytes(Pki.Password) });
        var wrong = world.Pkcs12("wrong", "renewed");
        world.Catalog.Put(DataKind.Secret, "wrong", new() { ["keystore.p12"] = pki.Bytes("renewed.p12"), ["password"] = System.Text.Encoding.ASCII.GetBytes(ClientSecret) });
        var import = world.AddImport(change: s => s.Sources = [world.Pkcs12("2021", "old"), world.Tls("current", "current"), broken, wrong]);
        world.Sim.AddFault(new FaultRule { Method = "POST", Path = "userPfxCertificates", Drop = DropMoment.AfterCommit, Nth = 1 });
        await world.ReconcileAsync(import);
        world.Sim.ClearFaults();
        world.Sim.Count("userPfxCertificates").ShouldBe(2);

        // A rotation that is refused, throttled and answered with rubbish before it succeeds.
        world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", pki.Pem("connector2.pub"));
        foreach (var fault in (FaultRule[])
            [new() { Status = 400 }, new() { Status = 429 }, new() { Status = 500 }, new() { MalformedJson = true }, new() { HtmlPage = true }])
        {
            world.Sim.AddFault(fault with { Method = "POST|PATCH" });
            await world.ReconcileAsync(import);
            world.Sim.ClearFaults();
        }

        world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", pki.Pem("connector.pub"));
        await world.ReconcileAsync(import);

        world.Catalog.Put(DataKind.Secret, "app", "secret", ClientSecret);
        var other = new Tenant
        {
            Metadata = new() { Name = "other", NamespaceProperty = TenantWorld.Namespace, Uid = "other", Generation = 1 },
            Spec = new TenantSpec
            {
                TenantId = world.Sim.TenantId,
                Endpoint = "https://127.0.0.1:1",
                Credentials = new TenantCredentials
                {
                    Type = CredentialType.ClientCertificate,
                    ClientId = "22222222-0000-0000-0000-000000000000",
                    ClientCertificateRef = new LocalReference { Name = "app-certificate" },
                },
            },
        };
        world.Catalog.Put(DataKind.Secret, "app-certificate", new() { ["tls.crt"] = pki.Bytes("leaf.key"), ["tls.key"] = System.Text.Encoding.ASCII.GetBytes(ClientSecret) });
        await world.ReconcileAsync(other);
        other.Status.ShouldBeStalled(Reasons.CredentialsInvalid);
    }
}
