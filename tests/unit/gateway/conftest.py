"""A small proto with one of everything that REST must carry, compiled on the spot."""

import subprocess
import sys
from pathlib import Path

import google.api
import pytest
from google.protobuf import descriptor_pb2

from gateway.transcoding.bindings import Binding, bindings
from gateway.transcoding.image import Image, read

ROOT = Path(__file__).resolve().parents[3]

EXAMPLE = """
syntax = "proto3";
package tta.example.v1;
import "google/api/annotations.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/duration.proto";

// Keeps parcels.
service ParcelService {
  // Finds parcels.
  //
  // Newest first.
  rpc FindParcels(FindParcelsRequest) returns (Parcel) {
    option (google.api.http) = {
      get: "/api/v1/parcels"
      additional_bindings { get: "/parcels" }
    };
    option idempotency_level = NO_SIDE_EFFECTS;
  }
  rpc GetParcel(GetParcelRequest) returns (Parcel) { option (google.api.http) = {get: "/api/v1/parcels/{parcel_id}"}; }
  rpc SendParcel(SendParcelRequest) returns (Parcel) {
    option (google.api.http) = {post: "/api/v1/parcels/{parcel_id}:send" body: "*"};
  }
  rpc PutParcel(PutParcelRequest) returns (Parcel) {
    option (google.api.http) = {put: "/api/v1/parcels/{parcel_id}" body: "parcel"};
  }
  rpc Legacy(Parcel) returns (Parcel) { option (google.api.http) = {post: "/legacy" body: "*"}; }
  rpc Inside(Parcel) returns (Parcel);
}
// How fast.
enum ParcelSpeed {
  PARCEL_SPEED_UNSPECIFIED = 0;
  // As it comes.
  PARCEL_SPEED_SLOW = 1;
  PARCEL_SPEED_VERY_FAST = 2;
}
// A parcel.
message Parcel {
  // Its weight, in grams.
  int64 weight_grams = 1;
  optional double value_euros = 2;
  string label = 3;
  ParcelSpeed speed = 4;
  repeated ParcelSpeed offered = 5;
  google.protobuf.Timestamp sent_at = 6;
  repeated Parcel parts = 7;
  map<string, int32> counts = 8;
  map<string, Parcel> named = 9;
  google.protobuf.Struct notes = 10;
  optional google.protobuf.Struct extras = 11;
  bytes seal = 12;
  float ratio = 13;
  google.protobuf.Duration took = 14;
  oneof target {
    string person = 15;
    string place = 16;
  }
  bool open = 17;
  uint32 stamps = 18;
  google.protobuf.Value anything = 19;
}
message Window {
  google.protobuf.Timestamp since = 1;
  optional int32 days = 2;
}
message FindParcelsRequest {
  int32 page_size = 1;
  repeated ParcelSpeed speeds = 2;
  Window window = 3;
  bool open = 4;
  double least = 5;
  string label = 6;
}
message GetParcelRequest { string parcel_id = 1; }
message SendParcelRequest {
  string parcel_id = 1;
  ParcelSpeed speed = 2;
}
message PutParcelRequest {
  string parcel_id = 1;
  Parcel parcel = 2;
  bool dry = 3;
}
"""


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """The image of the example."""
    folder = tmp_path_factory.mktemp("example")
    (folder / "example.proto").write_text(EXAMPLE)
    site = Path(next(iter(google.api.__path__))).parents[1]
    subprocess.run(
        [
            *(sys.executable, "-m", "grpc_tools.protoc", "-I", folder, "-I", site),
            *("--include_imports", "--include_source_info", f"--descriptor_set_out={folder / 'image.binpb'}"),
            "example.proto",
        ],
        check=True,
    )
    return read(descriptor_pb2.FileDescriptorSet.FromString((folder / "image.binpb").read_bytes()))


@pytest.fixture(scope="session")
def bound(image: Image) -> dict[str, Binding]:
    """The bindings of the example by method and template: `GET /api/v1/parcels`."""
    return {f"{each.method} {each.template.text}": each for call in image.calls for each in bindings(call)}
