// The one place that names the library's version; jsonnetfile.json pins its commit.
import 'github.com/grafana/grafonnet/gen/grafonnet-v11.4.0/main.libsonnet'
